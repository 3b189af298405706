/// How a file differs between two moments: by field where it can be read, by line where not.
public struct FileDifference: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case unchanged, added, removed, changed }

  public enum Content: Sendable, Hashable, Codable {
    /// Documents that differ; empty when only form, comments or order do.
    case fields([DocumentDifference])
    case lines([LineHunk])
    /// Sizes in bytes; nil where the file isn't.
    case binary(oldSize: Int?, newSize: Int?)
  }

  /// Where the file stands, as the caller says it.
  public let path: String
  public let kind: Kind
  public let format: DocumentFormat
  public let content: Content
  /// Why a file of a structured format is compared by line.
  public let parseError: DocumentError?

  /// `parseError` in words.
  public var parseProblem: String? { parseError?.description }

  /// The fields of all documents; empty when the file was compared by line or by size.
  public var fields: [FieldDifference] {
    if case .fields(let documents) = content { documents.flatMap(\.fields) } else { [] }
  }

  /// Whether the bytes differ but no field does: comments, blanks, quotes or order.
  public var isFormOnly: Bool { kind == .changed && content == .fields([]) }
}

/// The fields that differ in one document of a file.
public struct DocumentDifference: Sendable, Hashable, Codable {
  /// From 0, in the new file, or in the old one when it was removed; empty documents don't count.
  public let position: Int
  /// `kind/namespace/name` of a Kubernetes object; nil for others.
  public let name: String?
  public let kind: FieldDifference.Kind
  public let fields: [FieldDifference]
}

/// Compares a file's bytes; nil is a file that isn't there.
public func differences(
  from old: [UInt8]?, to new: [UInt8]?, path: String, listKeys: ListKeys = .standard, limits: Limits = .standard
) -> FileDifference {
  FileComparison(old: old, new: new, path: path, listKeys: listKeys, limits: limits).result
}
