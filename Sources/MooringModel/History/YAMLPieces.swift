internal import Glibc

/// Divides a YAML file into its documents by its lines alone, so that those that are as they were need not be read again.
enum YAMLPieces {
  /// Where each begins and ends: a line that begins with `---` begins one, wherever it stands (YAML 1.2.2, 9.1.2); what is
  /// before the first is one too. `nil` where directives or ends of documents would make pieces depend on each other.
  ///
  /// - Parameter part: From the beginning of a piece to the end of one; of nothing there are no pieces.
  static func ranges(of bytes: [UInt8], in part: Range<Int>) -> [Range<Int>]? {
    var ranges: [Range<Int>] = []
    var start = part.lowerBound
    let isPlain = bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return true }
      var line = part.lowerBound
      while line < part.upperBound {
        if bytes[line] == UInt8(ascii: "%") || begins(with: UInt8(ascii: "."), at: line, bytes) { return false }
        if begins(with: UInt8(ascii: "-"), at: line, bytes), line > start {
          ranges.append(start..<line)
          start = line
        }
        guard let end = memchr(base + line, 0x0A, part.upperBound - line) else { break }
        line = UnsafeRawPointer(end) - UnsafeRawPointer(base) + 1
      }
      return true
    }
    return isPlain ? ranges + (start < part.upperBound ? [start..<part.upperBound] : []) : nil
  }

  /// How many of the first and of the last pieces of a file are in another, and where there is something else in that.
  struct Kept {
    var first: Int
    var last: Int
    /// In the other file.
    var between: Range<Int>

    init(of pieces: [Range<Int>], in old: [UInt8], stillIn new: [UInt8]) {
      let (start, end) = YAMLPieces.common(old, new)
      // With the line after it, and with the end of the line before it, so that both begin and end there too.
      first = pieces.prefix { $0.upperBound + 4 <= start }.count
      last = pieces.dropFirst(first).reversed().prefix { old.count - $0.lowerBound < end }.count
      let lower = first == 0 ? 0 : pieces[first - 1].upperBound
      between = lower..<(last == 0 ? new.count : pieces[pieces.count - last].lowerBound + new.count - old.count)
    }
  }

  /// How many bytes two texts have in common at their beginnings, and then at their ends.
  private static func common(_ old: [UInt8], _ new: [UInt8]) -> (start: Int, end: Int) {
    old.withUnsafeBytes { old in
      new.withUnsafeBytes { new in
        let shorter = min(old.count, new.count)
        var start = 0
        while start + 8 <= shorter, word(old, start) == word(new, start) { start += 8 }
        while start < shorter, old[start] == new[start] { start += 1 }
        let rest = shorter - start
        var end = 0
        while end + 8 <= rest, word(old, old.count - end - 8) == word(new, new.count - end - 8) { end += 8 }
        while end < rest, old[old.count - end - 1] == new[new.count - end - 1] { end += 1 }
        return (start, end)
      }
    }
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
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
