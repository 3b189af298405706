/// A file in pieces, one for each document with what stands around it; the pieces together are the file.
///
/// A line that begins with `---` always begins a document of YAML, also within a scalar (YAML 1.2.2, section 9.1.2).
struct DocumentStream {
  struct Piece {
    var bytes: [UInt8]
    /// Nil where the file has no document at all.
    var value: FieldValue?
    /// `kind/namespace/name` of a Kubernetes object.
    var name: String?
    /// Which of the piece's own documents it is: empty ones may stand around it.
    var number = 0
  }

  let format: DocumentFormat
  private(set) var pieces: [Piece] = []

  /// - Throws: `DocumentError` when the file can't be read, or not in pieces.
  init(_ bytes: [UInt8], as format: DocumentFormat, limits: Limits) throws(DocumentError) {
    self.format = format
    let whole = try Self.documents(of: bytes, as: format, limits: limits).map { FieldValue($0.document.root) }
    if whole.count <= 1 {
      pieces = [try Self.piece(bytes, as: format, limits: limits)]
      return
    }
    for part in Self.parts(of: bytes) {
      let piece = try Self.piece(part, as: format, limits: limits)
      if let last = pieces.last, piece.value == nil || last.value == nil {
        pieces[pieces.count - 1] = try Self.piece(last.bytes + part, as: format, limits: limits)
      } else {
        pieces.append(piece)
      }
    }
    guard pieces.map(\.value) == whole else {
      throw DocumentError(
        kind: .unsupported, message: "the documents depend on each other", line: 1, column: 1,
        remedy: "part them by lines of just ---")
    }
  }

  private static func piece(
    _ bytes: [UInt8], as format: DocumentFormat, limits: Limits
  ) throws(DocumentError) -> Piece {
    let found = try documents(of: bytes, as: format, limits: limits)
    return Piece(
      bytes: bytes, value: found.first.map { FieldValue($0.document.root) },
      name: found.first.flatMap { DocumentPairs.name(of: $0.document) }, number: found.first?.number ?? 0)
  }

  /// The documents of a source, without YAML's empty ones, and which they are.
  private static func documents(
    of bytes: [UInt8], as format: DocumentFormat, limits: Limits
  ) throws(DocumentError) -> [(number: Int, document: Document)] {
    try Document.parse(bytes, as: format, limits: limits).enumerated()
      .filter { format != .yaml || $0.element.root.scalar != .null }.map { ($0.offset, $0.element) }
  }

  private static func parts(of bytes: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    for line in LineHunk.lines(of: bytes) {
      if parts.isEmpty || isMarker(line) { parts.append([]) }
      parts[parts.count - 1] += line
    }
    return parts
  }

  private static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: "---".utf8) && (line.dropFirst(3).first.map { " \t\r\n".utf8.contains($0) } ?? true)
  }

  /// Puts pieces of YAML together again, with the markers and line breaks that they need beside each other.
  static func joined(_ pieces: [[UInt8]]) -> [UInt8] {
    var result: [UInt8] = []
    for piece in pieces where !piece.isEmpty {
      if !result.isEmpty {
        if result.last != 0x0A { result.append(0x0A) }
        if !LineHunk.lines(of: piece).contains(where: isMarker) { result += "---\n".utf8 }
      }
      result += piece
    }
    return result
  }
}
