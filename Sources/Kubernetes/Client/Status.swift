import Documents

/// What a server says about a request that it didn't do (`meta/v1` `Status`).
public struct Status: Hashable, Sendable {
  public struct Cause: Hashable, Sendable {
    /// `FieldValueInvalid`, `FieldManagerConflict`, …
    public let reason: String
    public let message: String
    /// In the server's own spelling: `.spec.ports[0].name`, or `spec.replicas`.
    public let field: String
  }

  public let code: Int
  /// One word, made for programs: `NotFound`, `AlreadyExists`, `Expired`; empty where the server gave none.
  public let reason: String
  /// For people, on one line, at most 1,000 characters of its beginning and end.
  public let message: String
  public let causes: [Cause]
  /// The resource or kind, and the name of what it is about.
  public let kind: String?
  public let name: String?
  public let uid: String?
  public let retryAfterSeconds: Int?
  /// Where a list that took too long can go on, although what it goes on with is newer.
  let continueToken: String?

  /// `nil` where the node is no status.
  init?(_ node: Node) {
    guard node["kind"]?.text == "Status", let code = node["code"]?.scalar?.intValue else { return nil }
    self.code = Int(clamping: code)
    reason = PlainText.plain(node["reason"]?.text ?? "", limit: 60)
    message = PlainText.ends(node["message"]?.text ?? "", limit: 1_000)
    let details = node["details"]
    causes = (details?["causes"]?.elements ?? []).prefix(Self.mostCauses).map {
      Cause(
        reason: PlainText.plain($0["reason"]?.text ?? "", limit: 60),
        // A value may stand before what is wrong with it.
        message: PlainText.ends($0["message"]?.text ?? "", limit: 500),
        field: PlainText.plain($0["field"]?.text ?? "", limit: 500))
    }
    kind = details?["kind"].map { PlainText.plain($0.text, limit: 253) }
    name = details?["name"].map { PlainText.plain($0.text, limit: 253) }
    uid = details?["uid"].map { PlainText.plain($0.text, limit: 60) }
    retryAfterSeconds = details?["retryAfterSeconds"]?.scalar?.intValue.map { Int(clamping: $0) }
    continueToken = node["metadata"]?["continue"]?.scalar?.stringValue
  }

  /// Reasons and fields of another one, without the texts that may quote values.
  init(quietly other: Status) {
    let fields = other.causes.map(\.field).filter { !$0.isEmpty }
    code = other.code
    reason = other.reason
    message = ([other.reason] + fields).joined(separator: " ")
    causes = other.causes.map { cause in
      // Who has a field is no secret, and is in the text only.
      if cause.reason == "FieldManagerConflict" { return cause }
      // That it can't change isn't either.
      let isFixed = cause.message.contains(Self.fixed)
      return Cause(reason: cause.reason, message: isFixed ? Self.fixed : "", field: cause.field)
    }
    (kind, name, uid) = (other.kind, other.name, other.uid)
    retryAfterSeconds = other.retryAfterSeconds
    continueToken = other.continueToken
  }

  static let mostCauses = 1_000
  /// How most kinds say it (`k8s.io/apimachinery/pkg/api/validation`, `FieldImmutableErrorMsg`).
  private static let fixed = "field is immutable"
}
