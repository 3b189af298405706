/// A field that a commit, or a hand, gave another value.
public struct HistoricValue: Hashable, Sendable, Encodable {
  /// Which document of a file: an object's name, `#2`; `nil` for the first that has no name, and of a resource.
  public var document: String?
  /// The field's path; empty for a file without fields.
  public var field: String
  /// `nil` where there was none, or where it isn't to be shown.
  public var old: String?
  public var new: String?
  public var kind: Kind
  /// Whether the values are kept out for being secret.
  public var isSecret: Bool
  /// The commit on a merged branch that wrote it; `nil` where the commit of the line did.
  public var writer: Revision?

  public enum Kind: String, Hashable, Sendable, Encodable { case added, changed, removed }

  public init(
    document: String? = nil, field: String, old: String?, new: String?, kind: Kind, isSecret: Bool = false,
    writer: Revision? = nil
  ) {
    self.document = document
    self.field = field
    self.old = old
    self.new = new
    self.kind = kind
    self.isSecret = isSecret
    self.writer = writer
  }

  /// Whether it is a field that somebody asked for, or lies below it, or above it.
  public func concerns(_ asked: String) -> Bool {
    field == asked || Self.isInside(field, asked) || (kind != .changed && Self.isInside(asked, field))
  }

  private static func isInside(_ field: String, _ other: String) -> Bool {
    if other.isEmpty { return true }
    guard field.utf8.count > other.utf8.count, field.utf8.starts(with: other.utf8) else { return false }
    let next = field.utf8[field.utf8.index(field.utf8.startIndex, offsetBy: other.utf8.count)]
    return next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
  }
}

/// What a commit of the line made of a file or a resource.
public struct HistoricChange: Hashable, Sendable {
  /// Which commit of the line, counted from 1 over those that change the environment's inputs.
  public var position: Int
  /// The file that holds it after the commit, or held it last.
  public var file: String
  /// Where it was before, where it moved.
  public var movedFrom: String?
  public var values: [HistoricValue]
  /// Why it can't be read there.
  public var problem: String?
  /// Whether it is gone after the commit.
  public var isRemoval: Bool

  public init(
    position: Int, file: String, movedFrom: String? = nil, values: [HistoricValue] = [], problem: String? = nil,
    isRemoval: Bool = false
  ) {
    self.position = position
    self.file = file
    self.movedFrom = movedFrom
    self.values = values
    self.problem = problem
    self.isRemoval = isRemoval
  }
}
