import Foundation
import MooringTestSupport
import Testing

/// Who changed production, as the API server tells it: against a real one.
@Suite(.inTurn, .timeLimit(.minutes(30))) struct AuditTests {
  private static func map(_ name: String) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)}\ndata:\n  size: \"1\"\n"
  }

  private static let deployment = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 1
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "r/web:1"}]}

    """

  @Test func whoDidItIsCertainWithTheAPIServersWord() async throws {
    let names = ["edited", "patched", "robbed", "deleted", "first", "later"]
    let maps = names.map { ("\($0).yaml", Optional(Self.map($0))) }
    let site = try await AuditSite(
      Dictionary(uniqueKeysWithValues: maps + [("web.yaml", Optional(Self.deployment))]))
    let (machine, namespace) = (site.machine, site.namespace)
    try await machine.watching { watcher in
      let lines = watcher.lines
      try await lines.line(containing: "verified", within: .seconds(60))
      // The watch begins a moment after it is said to: something is changed until that is seen.
      for attempt in 1... {
        let known = lines.all.count
        try await site.kubectl("annotate", "--overwrite", "configmap/first", "n=\(attempt)")
        do {
          try await lines.line(containing: "by admin (kubectl annotate)", after: known, within: .seconds(10))
          break
        } catch let error as LineLog.NeverCame {
          guard attempt < 6 else { throw error }
        }
      }

      try await site.kubectl("scale", "deployment/web", "--replicas", "3")
      try await lines.line(containing: "deployment/\(namespace)/web spec.replicas: 1 → 3 by admin (kubectl scale)")

      let editor = try site.editor(replacing: "size: \"1\"", with: "size: \"7\"")
      try await site.kubectl("edit", "configmap/edited", adding: editor)
      try await lines.line(containing: "edited data.size: \"1\" → \"7\" by admin (kubectl edit)")

      try await site.kubectl(
        "patch", "configmap/patched", "--type", "merge", "--patch", #"{"data": {"size": "8"}}"#, "--as",
        "ann@example.com", "--as-group", "system:masters")
      try await lines.line(containing: "patched data.size: \"1\" → \"8\" by admin as ann@example.com (kubectl patch)")

      // Whoever takes a field away leaves no trace in the object.
      let token = try await site.accountToken("robot")
      try await site.kubectl(
        "--token", token, "patch", "configmap/robbed", "--type", "json", "--patch",
        #"[{"op": "remove", "path": "/data/size"}]"#)
      try await lines.line(
        containing: "robbed - data by system:serviceaccount:\(namespace):robot (kubectl patch)")

      try await site.kubectl("--context", "certificate", "delete", "configmap/deleted")
      try await lines.line(containing: "configmap/\(namespace)/deleted removed by certified (kubectl delete)")

      try await site.kubectl("create", "configmap", "stray")
      try await lines.line(containing: "configmap/\(namespace)/stray added (object) by admin (kubectl create)")

      // There is no kubelet to go into a container by, so the server's word is ours here.
      let pod = try await site.kubectl("get", "pods", "--output", "jsonpath={.items[0].metadata.name}")
      try await site.post(
        RecordedAudit.exec.replacing("\"code\":500", with: "\"code\":101")
          .replacing("\"namespace\":\"rec\"", with: "\"namespace\":\"\(namespace)\"")
          .replacing("web-747dd596b9-d5244", with: pod))
      try await lines.line(containing: "admin (kubectl exec) went into pod/\(namespace)/\(pod)")

      // With another token the API server isn't believed any more, and a name that a client gives itself is a hint.
      try site.folder.write("a token that it doesn't have", to: "token")
      try await site.kubectl("patch", "configmap/later", "--type", "merge", "--patch", #"{"data": {"size": "9"}}"#)
      try await lines.line(containing: "later data.size: \"1\" → \"9\" by probably somebody (kubectl-patch)")
      try await lines.line(containing: "audit events with a wrong token were refused")
    }
    try await report(site)
    try await adoption(site)
  }

  /// What is said of it afterwards.
  private func report(_ site: AuditSite) async throws {
    let machine = site.machine
    let report = try await machine.mooring("drift", "production", "--output", "json").json()
    let items = try #require(report["items"] as? [[String: Any]])
    func by(_ name: String) -> [String: Any] {
      let item = items.first { ($0["object"] as? String) == "configmap/\(site.namespace)/\(name)" }
      return item?["by"] as? [String: Any] ?? [:]
    }
    let certainties = items.map { ($0["by"] as? [String: Any])?["certainty"] as? String }
    #expect(certainties.filter { $0 == "certain" }.count == 7 && certainties.count == 8, "\(items)")
    #expect(by("later")["certainty"] as? String == "likely")
    #expect(by("patched")["login"] as? String == "admin" && by("patched")["user"] as? String == "ann@example.com")
    let request = by("edited")["request"] as? [String: Any] ?? [:]
    #expect(request["verb"] as? String == "patch" && request["address"] as? String == "127.0.0.1", "\(request)")
    #expect((request["groups"] as? [String])?.contains("system:masters") == true, "\(request)")
    #expect((request["client"] as? String)?.hasPrefix("kubectl/") == true, "\(request)")
    let explained = try await machine.mooring("drift", "production", "--explain", "configmap/\(site.namespace)/deleted")
    #expect(explained.output.contains("by certified (kubectl delete), certain"), "\(explained)")
    #expect(explained.output.contains("the API server recorded request"), "\(explained)")
    let story = try await machine.story()
    #expect(story.contains("spec.replicas: 1 → 3 by admin (kubectl scale)"), "\(story)")
  }

  /// Whoever certainly did it is the author of the commit that takes it in.
  private func adoption(_ site: AuditSite) async throws {
    let machine = site.machine
    let adopted = try await machine.mooring(
      "drift", "production", "--adopt", "--only", "configmap/\(site.namespace)/edited:data.size", "--message", "Larger")
    #expect(adopted.status == 0, "\(adopted)")
    try machine.pull()
    #expect(try machine.author.git("log", "-1", "--format=%an <%ae>", "main") == "Ann Lee <ann@example.com>")
    #expect(try machine.author.git("show", "main:app/edited.yaml").contains("size: \"7\""))
  }

  @Test func whoseServerDoesNotTellOfOurRequestsIsNotBelievedToTellOfAll() async throws {
    let site = try await AuditSite(["robbed.yaml": Self.map("robbed")], isTold: false)
    let (machine, namespace) = (site.machine, site.namespace)
    try await machine.watching { watcher in
      let lines = watcher.lines
      try await lines.line(containing: "verified", within: .seconds(60))
      try await lines.line(containing: "changes are seen as they happen")
      // Another server of the same cluster tells of somebody who wrote it. Who knows what this one doesn't tell.
      try await site.post(
        RecordedAudit.edit.replacing("\"resource\":\"deployments\"", with: "\"resource\":\"configmaps\"")
          .replacing("\"namespace\":\"rec\"", with: "\"namespace\":\"\(namespace)\"")
          .replacing("\"name\":\"web\",\"apiGroup\":\"apps\"", with: "\"name\":\"robbed\",\"apiGroup\":\"\""))
      try await site.kubectl(
        "patch", "configmap/robbed", "--type", "json", "--patch", #"[{"op": "remove", "path": "/data/size"}]"#)
      try await lines.line(containing: "robbed - data by probably admin (kubectl edit)")
    }
  }
}
