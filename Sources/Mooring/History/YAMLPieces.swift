/// Divides a YAML file into its documents by its lines alone, so that those that are as they were need not be read again.
enum YAMLPieces {
  /// Where each begins and ends: a line that begins with `---` begins one, wherever it stands (YAML 1.2.2, 9.1.2); what is
  /// before the first is one too. `nil` where directives or ends of documents would make pieces depend on each other.
  static func ranges(of bytes: [UInt8]) -> [Range<Int>]? {
    var ranges: [Range<Int>] = []
    var start = 0
    var line = 0
    while line < bytes.count {
      if bytes[line] == UInt8(ascii: "%") || begins(with: UInt8(ascii: "."), at: line, bytes) { return nil }
      if begins(with: UInt8(ascii: "-"), at: line, bytes), line > start {
        ranges.append(start..<line)
        start = line
      }
      line = (bytes[line...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count - 1) + 1
    }
    return ranges + [start..<bytes.count]
  }

  /// Whether a line begins with three of a character, and nothing that would make them part of something else.
  private static func begins(with mark: UInt8, at line: Int, _ bytes: [UInt8]) -> Bool {
    guard line + 3 <= bytes.count, bytes[line] == mark, bytes[line + 1] == mark, bytes[line + 2] == mark else {
      return false
    }
    return line + 3 == bytes.count || " \t\r\n".utf8.contains(bytes[line + 3])
  }
}
