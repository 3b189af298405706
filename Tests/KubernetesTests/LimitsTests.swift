import Documents
import FoundationEssentials
import Testing

@testable import Kubernetes

/// `docs/limits.md` says what the client does.
@Suite struct LimitsTests {
  private static let limits: [(name: String, value: String)] = {
    let settings = ClientSettings(userAgent: "")
    return [
      ("an answer of an API server, an event of a watch", "\(settings.maximumAnswer >> 20) MiB"),
      ("an answer's depth", "\(AnswerReader.standard.limits.depth) levels"),
      ("a list's page", "\(settings.pageSize) objects"),
      ("requests to a cluster at once", "\(settings.connections) requests"),
      ("watches of a cluster at once, a connection each", "\(settings.watches) watches"),
      ("tries of a request", "\(settings.attempts) tries"),
      ("an API server that says nothing", "\(settings.requestTimeout.components.seconds) seconds"),
      ("a pause that an API server asks for", "\(RetryPolicy.longestRetryAfter.components.seconds) seconds"),
      ("causes of a refusal", "\(Status.mostCauses) causes"),
      ("a file of a kubeconfig's", "\(CredentialFile.maximumBytes >> 20) MiB"),
      ("a batch of audit events", "\(AuditEventList.maximumBytes >> 20) MiB, \(AuditEventList.mostNodes) nodes"),
      ("a text of an audit event", "\(AuditEvent.textLimit) characters, on one line"),
      ("groups of an audit event's user", "\(AuditUser.groupLimit) groups"),
      ("what a credential plugin prints", "\(ExecPlugin.maximumOutput >> 20) MiB"),
    ]
  }()

  @Test(arguments: limits) func theListHasEachLimit(_ name: String, _ value: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let text = try String(decoding: Data(contentsOf: folder.appending(path: "../../docs/limits.md")), as: UTF8.self)
    #expect(text.contains("| \(name) | \(value) |"))
  }
}
