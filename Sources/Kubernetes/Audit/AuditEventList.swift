import Documents

/// What an API server posts to an audit webhook: the requests of a moment.
public struct AuditEventList: Sendable {
  /// The largest that is read, in bytes. A batch of 400 events, an API server's default, has about 600 KiB.
  public static let maximumBytes = 4 << 20

  static let mostNodes = 400_000

  public let events: [AuditEvent]
  /// Entries that are no events.
  public let unreadable: Int

  /// - Throws: `malformed` for anything but JSON, `unsupported` for another kind or version, `tooLarge` past a limit.
  ///   Nothing of what was sent is in the error, but the kind's name.
  public init(parsing bytes: [UInt8]) throws(KubernetesError) {
    let reader = AnswerReader(limits: Limits(bytes: Self.maximumBytes, depth: 200, nodes: Self.mostNodes))
    let root = try reader.root(of: bytes)
    let (version, kind) = (root["apiVersion"]?.text ?? "", root["kind"]?.text ?? "")
    guard version == "audit.k8s.io/v1", kind == "EventList" else {
      throw KubernetesError(
        .unsupported, "not an EventList of audit.k8s.io/v1 but \(PlainText.quoted("\(version) \(kind)"))",
        remedy: "let the API server send v1: `--audit-webhook-version=audit.k8s.io/v1`")
    }
    guard let items = root["items"], items.kind == .sequence else {
      throw KubernetesError(.malformed, "an EventList without items")
    }
    let entries = items.elements
    events = entries.compactMap { AuditEvent($0) }
    unreadable = entries.count - events.count
  }
}
