/// An entry of a file of `key=value` lines: env, properties or INI.
struct LineEntry {
  let key: Range<Int>
  let value: Range<Int>

  init(_ entry: Node.Entry) {
    key = entry.keyNode.byteRange
    value = entry.value.byteRange
  }

  /// The whole lines that it takes.
  func lines(in source: SourceText) -> Range<Int> {
    source.lineStart(of: key.lowerBound)..<source.nextLine(of: max(key.upperBound, value.upperBound))
  }

  /// What stands between key and value, with the separator; nil when there is none.
  func separator(in source: SourceText) -> String? {
    guard key.upperBound < value.lowerBound else { return nil }
    let text = source.string(key.upperBound..<value.lowerBound)
    return text.utf8.contains(0x0A) || text.utf8.contains(0x0D) ? nil : text
  }
}
