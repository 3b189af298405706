/// YAML's `|` and `>` (YAML 1.2.2, section 8.1).
struct YAMLBlockScalar {
  /// From the indicator to the end of what belongs to it on its line, without a comment.
  let header: Range<Int>
  /// The lines, without the line breaks around them, and without blank lines at the end that aren't kept.
  let body: Range<Int>
  let indentation: Int
  private let isFolded: Bool
  private let hasWidth: Bool
  private let keeps: Bool
  private let kept: Range<Int>

  init(_ node: Node, in source: SourceText) {
    let start = node.contentStart(in: source)
    var end = start
    while let byte = source[end], "|>+-0123456789".utf8.contains(byte) { end += 1 }
    header = start..<end
    isFolded = node.style == .folded
    let indicators = source.bytes[header].dropFirst()
    keeps = indicators.contains(UInt8(ascii: "+"))
    hasWidth = indicators.contains { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    let opening = source.lineEnd(of: end)
    let whole = max(opening, source.end(ofLineBefore: node.byteRange.upperBound))
    var last = node.byteRange.upperBound
    while last > source.nextLine(of: end), case let line = source.lineStart(of: source.end(ofLineBefore: last)),
      line < last, source.bytes[line..<last].allSatisfy(SourceText.isSpace)
    {
      last = line
    }
    kept = opening..<whole
    body = keeps ? kept : opening..<max(opening, source.end(ofLineBefore: last))
    let first = source.bytes[body].firstIndex { !SourceText.isSpace($0) }
    indentation = first.map { source.column(of: $0) } ?? 0
  }

  /// The same style with another text; nil when it can't carry it.
  func replacing(with text: String, in source: SourceText) -> [Splice]? {
    guard !hasWidth, indentation > 0 else { return nil }
    let canFold = isFolded && !text.unicodeScalars.contains("\t") && !text.contains("\n ") && !text.hasPrefix("\n")
    guard let new = Self.block(text, at: indentation, folds: canFold) else { return nil }
    let lines = new.rest.map { source.lineBreak + $0 }.joined()
    return [Splice(header, new.first), Splice(new.first.hasSuffix("+") ? kept : body, lines)]
  }

  /// A text of several lines as `|`, indented; nil when it can't be one.
  static func literal(_ text: String, at column: Int) -> YAMLWriter.Text? {
    text.utf8.contains(0x0A) ? block(text, at: column, folds: false) : nil
  }

  private static func block(_ text: String, at column: Int, folds: Bool) -> YAMLWriter.Text? {
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
    guard let first = lines.first, let initial = first.utf8.first, initial != 0x20, initial != 0x09,
      lines.allSatisfy(YAMLScalarWriter.isSingleLine)
    else { return nil }
    var chomping = "-"
    if lines.last == "" {
      lines.removeLast()
      chomping = lines.last == "" ? "+" : ""
    }
    if folds, chomping == "+" { return nil }
    let blanks = YAMLWriter.blanks(column)
    var rest: [String] = []
    for (place, line) in lines.enumerated() {
      if folds, place > 0, !line.isEmpty { rest.append("") }
      rest.append(line.isEmpty ? "" : blanks + line)
    }
    return YAMLWriter.Text(first: (folds ? ">" : "|") + chomping, rest: rest)
  }
}
