import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Recorded events, changed so that they are of this user, this manager, this time.
enum Writes {
  static let start = Timestamp(milliseconds: 1_800_000_000_000)

  static func event(
    _ recorded: String, by user: String = "ann", manager: String? = nil, at second: Double = 0, id: String? = nil
  ) throws -> AuditEvent {
    let received = start.advanced(by: .milliseconds(Int(second * 1000)))
    var text = recorded.replacing("\"username\":\"admin\"", with: "\"username\":\"\(user)\"")
    text = replaced(text, "requestReceivedTimestamp", "\(received)")
    text = replaced(text, "stageTimestamp", "\(received.advanced(by: .milliseconds(5)))")
    text = replaced(text, "auditID", id ?? "\(user)-\(second)-\(manager ?? "")")
    if let manager, let range = text.firstRange(of: /fieldManager=[a-z-]+/) {
      text.replaceSubrange(range, with: "fieldManager=\(manager)")
    }
    let list = try AuditEventList(parsing: Array(RecordedAudit.batch(text).utf8))
    return try #require(list.events.first)
  }

  static func write(
    _ recorded: String, by user: String = "ann", manager: String? = nil, at second: Double = 0
  ) throws -> RecordedWrite {
    let event = try event(recorded, by: user, manager: manager, at: second)
    return try #require(RecordedWrite(event, arrived: time(second + 0.2)))
  }

  static func time(_ second: Double) -> Timestamp { start.advanced(by: .milliseconds(Int(second * 1000))) }

  private static func replaced(_ text: String, _ key: String, _ value: String) -> String {
    let parts = text.split(separator: "\"\(key)\":\"", maxSplits: 1)
    let rest = parts[1].drop { $0 != "\"" }
    return parts[0] + "\"\(key)\":\"\(value)" + rest
  }
}
