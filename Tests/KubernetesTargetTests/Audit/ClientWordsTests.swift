import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// What somebody did is said as they would say it.
@Suite struct ClientWordsTests {
  @Test(arguments: [
    (RecordedAudit.scale, "kubectl scale"), (RecordedAudit.edit, "kubectl edit"),
    (RecordedAudit.patchAsBob, "kubectl patch"), (RecordedAudit.set, "kubectl set"),
    (RecordedAudit.replace, "kubectl replace"), (RecordedAudit.create, "kubectl create"),
    (RecordedAudit.clientSideApply, "kubectl apply"), (RecordedAudit.dryRun, "kubectl apply"),
    (RecordedAudit.delete, "kubectl delete"), (RecordedAudit.exec, "kubectl exec"),
    (RecordedAudit.deleteCollection, "curl"),
  ])
  func recorded(event: String, words: String) throws {
    #expect(ClientWords.words(for: try Writes.event(event)) == words)
  }

  @Test(arguments: [
    ("kubectl", "kubectl apply"), ("kubectl-label", "kubectl label"), ("kubectl-", "kubectl patch"),
    ("kubectl-rollout", "kubectl rollout"),
  ])
  func managers(name: String, words: String) throws {
    #expect(ClientWords.words(for: try Writes.event(RecordedAudit.edit, manager: name)) == words)
  }

  @Test func anotherClientIsCalledWhatItCallsItself() throws {
    let helm = RecordedAudit.edit.replacing("kubectl/v1.37.1", with: "Helm/4.0.0")
    #expect(ClientWords.words(for: try Writes.event(helm, manager: "helm")) == "Helm")
    let silent = RecordedAudit.scale.replacing("kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722", with: "")
    #expect(ClientWords.words(for: try Writes.event(silent)) == nil)
  }
}
