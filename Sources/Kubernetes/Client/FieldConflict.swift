public import Documents

/// A field that server-side apply left alone, since another manager has it.
public struct FieldConflict: Hashable, Sendable {
  public let manager: String
  /// Where the other manager works through one: `status`, `scale`.
  public let subresource: String?
  /// As the server spells it: `.spec.template.spec.containers[name="web"].image`. Keys aren't quoted in it, so that one
  /// with dots can't be told from several; ``path(in:)`` asks the object.
  public let field: String

  /// `nil` for a cause that is no conflict of fields. The message's form: `conflict with "kubectl" with subresource
  /// "scale" using apps/v1` (`k8s.io/apimachinery/pkg/util/managedfields`, `NewConflictError`).
  init?(_ cause: Status.Cause) {
    guard cause.reason == "FieldManagerConflict" else { return nil }
    field = cause.field
    let quoted = Self.quoted(in: cause.message)
    guard let manager = quoted.first else { return nil }
    self.manager = manager
    subresource = cause.message.contains("with subresource ") && quoted.count > 1 ? quoted[1] : nil
  }

  /// The path of the field, read along the object that was applied.
  public func path(in object: Node) -> FieldPath? { ServerFieldPath(field).path(in: object) }

  private static func quoted(in message: String) -> [String] {
    let parts = message.split(separator: "\"", omittingEmptySubsequences: false)
    return stride(from: 1, to: parts.count - 1, by: 2).map { String(parts[$0]) }
  }
}

extension KubernetesError {
  /// The fields that other managers have, where that is why an apply was refused.
  public var fieldConflicts: [FieldConflict] { status?.causes.compactMap(FieldConflict.init) ?? [] }
}
