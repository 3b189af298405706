internal import Glibc

/// Divides a YAML file into its documents by its lines alone, so that those that are as they were need not be read again.
enum YAMLPieces {
  /// Where each begins and ends: a line that begins with `---` begins one, wherever it stands (YAML 1.2.2, 9.1.2); what is
  /// before the first is one too. `nil` where directives or ends of documents would make pieces depend on each other.
  static func ranges(of bytes: [UInt8]) -> [Range<Int>]? {
    var ranges: [Range<Int>] = []
    var start = 0
    let isPlain = bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return true }
      var line = 0
      while line < bytes.count {
        if bytes[line] == UInt8(ascii: "%") || begins(with: UInt8(ascii: "."), at: line, bytes) { return false }
        if begins(with: UInt8(ascii: "-"), at: line, bytes), line > start {
          ranges.append(start..<line)
          start = line
        }
        guard let end = memchr(base + line, 0x0A, bytes.count - line) else { break }
        line = UnsafeRawPointer(end) - UnsafeRawPointer(base) + 1
      }
      return true
    }
    return isPlain ? ranges + [start..<bytes.count] : nil
  }

  /// Whether a part of one text has the bytes of a part of another.
  static func isSame(_ one: [UInt8], _ first: Range<Int>, _ other: [UInt8], _ second: Range<Int>) -> Bool {
    guard first.count == second.count else { return false }
    return one.withUnsafeBytes { one in
      other.withUnsafeBytes { other in
        guard let one = one.baseAddress, let other = other.baseAddress else { return true }
        return memcmp(one + first.lowerBound, other + second.lowerBound, first.count) == 0
      }
    }
  }

  /// Whether a line begins with three of a character, and nothing that would make them part of something else.
  private static func begins(with mark: UInt8, at line: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line + 3 <= bytes.count, bytes[line] == mark, bytes[line + 1] == mark, bytes[line + 2] == mark else {
      return false
    }
    return line + 3 == bytes.count || " \t\r\n".utf8.contains(bytes[line + 3])
  }
}
