/// One document: a tree of fields over its source.
public struct Document: Sendable {
  public let root: Node
  public let format: DocumentFormat

  /// The bytes that all documents of one source share; `Mark.byteRange` counts in these.
  public var source: [UInt8] { root.storage.source }

  /// Reads every document of a source: YAML may have none or many, other formats have one.
  ///
  /// Sources are UTF-8, with or without a byte order mark. A `.text` document is one string. YAML is read by libyaml
  /// under the core schema of YAML 1.2 (`yes` and `off` are strings) with merge keys; JSON is RFC 8259; TOML is 1.0.
  public static func parse(
    _ bytes: [UInt8], as format: DocumentFormat, limits: Limits = .standard
  ) throws(DocumentError) -> [Document] {
    let limits = limits.bearable
    guard bytes.count <= limits.bytes else {
      throw DocumentError(
        kind: .limit("bytes"), message: "\(bytes.count) bytes are more than \(limits.bytes)", line: 1, column: 1)
    }
    let lines = LineIndex(bytes)
    do {
      let start = try textStart(bytes)
      var builder = ArenaBuilder(source: bytes, limits: limits, mergesKeys: format == .yaml)
      let roots = try read(bytes, from: start, as: format, into: &builder, limits: limits)
      let storage = DocumentStorage(source: bytes, lines: lines, builder: builder)
      return roots.map { Document(root: Node(storage, $0), format: format) }
    } catch {
      throw error.located(by: lines, in: bytes)
    }
  }

  /// Where the text begins after a byte order mark; refuses everything that isn't UTF-8.
  private static func textStart(_ bytes: [UInt8]) throws(ReadingProblem) -> Int {
    if DocumentFormat.startsWithUTF16Mark(bytes) {
      throw ReadingProblem(.encoding, "the file is UTF-16", at: 0, remedy: "save it as UTF-8")
    }
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw ReadingProblem(.encoding, "not UTF-8", at: error.byteOffsets.lowerBound, remedy: "save it as UTF-8")
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  private static func read(
    _ bytes: [UInt8], from start: Int, as format: DocumentFormat, into builder: inout ArenaBuilder, limits: Limits
  ) throws(ReadingProblem) -> [Int32] {
    switch format {
    case .yaml: return try YAMLReader.read(bytes, from: start, into: &builder, documents: limits.documents)
    case .json: try JSONReader.read(bytes, from: start, into: &builder)
    case .toml: try TOMLReader.read(bytes, from: start, into: &builder, depth: limits.depth)
    case .env: try EnvReader.read(bytes, from: start, into: &builder)
    case .properties: try PropertiesReader.read(bytes, from: start, into: &builder)
    case .ini: try INIReader.read(bytes, from: start, into: &builder)
    case .text:
      let range = start..<bytes.count
      try builder.scalar(.string, TextReference(range), range: range, style: .plain)
    case .binary:
      throw ReadingProblem(.unsupported, "a binary file has no fields", at: 0)
    }
    return builder.finishDocument().map { [$0] } ?? []
  }
}
