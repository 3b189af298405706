/// Why a document can't be read: what is wrong, where, and what to do about it.
public struct DocumentError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable, Codable {
    /// The source breaks its format's grammar.
    case syntax
    /// A limit of that name (`bytes`, `depth`, `nodes`, `aliasExpansion`, `documents`, `directives`) was passed.
    case limit(String)
    /// The source isn't UTF-8.
    case encoding
    /// A mapping has the same key twice.
    case duplicateKey
    /// The source is sound, but means something that a tree of fields can't hold.
    case unsupported
  }

  public var kind: Kind
  /// What is wrong, in one clause, without a full stop.
  public var message: String
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// What a person can do.
  public var remedy: String?

  public init(kind: Kind, message: String, line: Int, column: Int, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.line = line
    self.column = column
    self.remedy = remedy
  }

  public var description: String {
    let what = "line \(line), column \(column): \(message)"
    return remedy.map { "\(what); \($0)" } ?? what
  }
}
