/// How one object differs from what Mooring left there, in a form that may be kept and shown: values of secrets are not
/// in it.
public struct Difference: Hashable, Sendable, Codable {
  public enum Kind: String, Sendable, Codable {
    case changed, removed, added
    /// It was written, and is as it should be.
    case touched
  }

  /// Fields and lines that one difference lists; `more` counts the rest.
  public static let listed = 50

  public var object: ObjectName
  public var kind: Kind
  /// Fields that differ, attributes among them.
  public var fields: [FieldChange]
  /// Lines of a unified diff, of a text without fields.
  public var lines: [String]
  /// Fields or lines that are not listed.
  public var more: Int
  /// Whether any value differs: not where only blanks, comments, quotes or the order of keys do.
  public var changesValues: Bool
  /// The only other object that has, or had, the same content: where something added came from, where something removed
  /// went. `nil` where there is none, or several.
  public var renamed: ObjectName?
  /// Of what is there: equal for equal states, and says nothing about them.
  public var fingerprint: String

  public init(
    object: ObjectName, kind: Kind, fields: [FieldChange] = [], lines: [String] = [], more: Int = 0,
    changesValues: Bool = true, fingerprint: String
  ) {
    self.object = object
    self.kind = kind
    self.fields = fields
    self.lines = lines
    self.more = more
    self.changesValues = changesValues
    self.fingerprint = fingerprint
  }

  /// What happened to it, on one line: `worker.pool.size: 32 → 64`, `removed`, `3 lines`.
  public var summary: String {
    switch kind {
    case .removed: return renamed.map { "renamed to \($0)" } ?? "removed"
    case .touched: return "written, and as it was again"
    case .added:
      return (renamed.map { "renamed from \($0)" } ?? "added") + (fields.first.map { " (\($0.new ?? ""))" } ?? "")
    case .changed:
      if let field = fields.first {
        let more = fields.count - 1 + self.more
        return field.description + (more == 0 ? "" : ", and \(more) more")
      }
      if !changesValues { return "no value changed: blanks, comments or order" }
      let count = lines.count { $0.hasPrefix("+") || $0.hasPrefix("-") } + more
      return lines.isEmpty ? "content changed" : count == 1 ? "1 line" : "\(count) lines"
    }
  }
}

/// One field, or one attribute, of an object that has another value.
public struct FieldChange: Hashable, Sendable, Codable, CustomStringConvertible {
  public enum Aspect: String, Sendable, Codable {
    /// A field of a document.
    case value
    /// Mode, owner, kind, link target, or the content as a whole.
    case attribute
  }

  public var aspect: Aspect
  /// `kind/namespace/name`, where the file holds several objects.
  public var document: String?
  /// A field's path, or `mode`, `owner`, `kind`, `target`, `content`.
  public var field: String
  /// `nil` where there was none, or where it isn't to be shown.
  public var old: String?
  public var new: String?
  /// Whether the values are kept out for being secret.
  public var isSecret: Bool

  public init(
    _ aspect: Aspect, _ field: String, document: String? = nil, old: String?, new: String?, isSecret: Bool = false
  ) {
    self.aspect = aspect
    self.document = document
    self.field = field
    self.old = old
    self.new = new
    self.isSecret = isSecret
  }

  public var description: String {
    let name = (document.map { "\($0): " } ?? "") + field
    if isSecret { return "\(name): a secret value" }
    return switch (old, new) {
    case (nil, let new?): "+ \(name): \(new)"
    case (_?, nil): "- \(name)"
    case (let old, let new): "\(name): \(old ?? "") → \(new ?? "")"
    }
  }
}
