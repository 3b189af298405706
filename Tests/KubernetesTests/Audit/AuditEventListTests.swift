import Kubernetes
import MooringTestSupport
import Testing

/// What API servers tell a webhook.
@Suite struct AuditEventListTests {
  private func event(_ text: String) throws -> AuditEvent {
    let list = try AuditEventList(parsing: Array(RecordedAudit.batch(text).utf8))
    return try #require(list.events.first)
  }

  private func code(_ text: String) -> KubernetesError.Code? {
    do {
      _ = try AuditEventList(parsing: Array(text.utf8))
      return nil
    } catch { return error.code }
  }

  @Test func whoDidWhatIsReadAsTheServerRecordedIt() throws {
    let event = try event(RecordedAudit.patchAsBob)
    #expect(event.user == AuditUser(name: "admin", groups: ["system:masters", "system:authenticated"]))
    #expect(event.impersonated?.name == "bob")
    #expect(event.impersonated?.groups.contains("devs") == true)
    #expect(event.object == AuditObject(group: "apps", resource: "deployments", namespace: "rec", name: "web"))
    #expect(event.verb == "patch" && event.stage == "ResponseComplete" && event.code == 200)
    #expect(event.fieldManager == "kubectl-patch" && !event.isDryRun)
    #expect(event.addresses == ["127.0.0.1"] && event.userAgent.hasPrefix("kubectl/v1.37.1"))
    #expect(event.received < event.completed)
  }

  @Test func aTrialIsToldFromAChange() throws {
    #expect(try event(RecordedAudit.dryRun).isDryRun)
    #expect(try event(RecordedAudit.clientSideApply).isDryRun == false)
  }

  @Test func whoNamesNoManagerIsCalledByTheBeginningOfTheUserAgent() throws {
    #expect(try event(RecordedAudit.scale).fieldManager == "kubectl")
    #expect(try event(RecordedAudit.scale).object?.subresource == "scale")
    #expect(try event(RecordedAudit.deleteCollection).fieldManager == "curl")
    #expect(try event(RecordedAudit.deleteCollection).object?.name == nil)
  }

  @Test(arguments: [
    ("fieldManager=a%2Fb+c&x=1", "a/b c"), ("x=fieldManager&fieldManager=%zz", "%zz"), ("fieldManager=", "kubectl"),
    ("fieldManager=%e4%b8%ad%0a%1b[31m", "中 [31m"), ("xfieldManager=a", "kubectl"), ("", "kubectl"),
  ])
  func aManagerIsDecoded(query: String, manager: String) throws {
    let changed = RecordedAudit.scale.replacing("/scale\"", with: "/scale?\(query)\"")
    #expect(try event(changed).fieldManager == manager)
  }

  @Test func whatWasSentAndWhatIsInACommandIsNotKept() throws {
    let body = RecordedAudit.exec.replacing(
      #""stage""#, with: #""requestObject":{"data":{"password":"c2VjcmV0"}},"responseObject":{"a":"c2VjcmV0"},"stage""#
    ).replacing("command=ls", with: "command=login&command=--password=c2VjcmV0")
    #expect(!"\(try event(body))".contains("c2VjcmV0"))
  }

  @Test func textsAreOnOneLineAndBounded() throws {
    let long = String(repeating: "x", count: 100_000)
    let text = RecordedAudit.scale.replacing("\"admin\"", with: "\"a\\nb\\u001b[31m\(long)\"")
      .replacing("\"127.0.0.1\"", with: (0..<50).map { "\"10.0.0.\($0)\"" }.joined(separator: ","))
      .replacing("\"system:masters\"", with: (0..<500).map { "\"group-\($0)\"" }.joined(separator: ","))
    let event = try event(text)
    #expect(event.user.name.hasPrefix("a b [31mx") && event.user.name.count <= 257)
    #expect(event.addresses == ["10.0.0.46", "10.0.0.47", "10.0.0.48", "10.0.0.49"])
    #expect(event.user.groups.count == 20)
  }

  @Test func entriesThatAreNoEventsAreCountedAndTheOthersTaken() throws {
    let strange = ["1", "null", "[]", "{}", #"{"auditID":"a","stage":"b","verb":"c","user":{}}"#]
    let list = try AuditEventList(parsing: Array(RecordedAudit.batch(strange + [RecordedAudit.scale]).utf8))
    #expect(list.events.count == 1 && list.unreadable == strange.count)
  }

  @Test(arguments: [
    ("", KubernetesError.Code.malformed), ("nonsense", .malformed), ("[]", .unsupported), ("{}", .unsupported),
    (#"{"kind":"EventList","apiVersion":"audit.k8s.io/v2","items":[]}"#, .unsupported),
    (#"{"kind":"Event","apiVersion":"audit.k8s.io/v1"}"#, .unsupported),
    (#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}"#, .malformed),
    (#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":{}}"#, .malformed),
    (#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[{"#, .malformed),
  ])
  func whatIsNoBatchIsRefused(text: String, wanted: KubernetesError.Code) {
    #expect(code(text) == wanted)
  }

  @Test func aBatchThatIsTooLargeOrTooDeepIsRefused() {
    #expect(code(RecordedAudit.batch(String(repeating: " ", count: AuditEventList.maximumBytes))) == .tooLarge)
    let deep = String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000)
    #expect(code(RecordedAudit.batch(deep)) == .tooLarge)
    #expect(code(RecordedAudit.batch(Array(repeating: "0", count: 500_000))) == .tooLarge)
  }

  @Test func aBatchOfAnAPIServersDefaultSizeIsTaken() throws {
    let batch = RecordedAudit.batch(Array(repeating: RecordedAudit.patchAsBob, count: 400))
    #expect(batch.utf8.count < AuditEventList.maximumBytes / 4)
    #expect(try AuditEventList(parsing: Array(batch.utf8)).events.count == 400)
  }
}
