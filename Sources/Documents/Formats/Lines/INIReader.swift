/// INI files: `[section]` lines become mappings, `key = value` or `key: value` lines strings, a key alone null.
///
/// Comments are whole lines that begin with `#` or `;`. Values are kept as they are, with their quotes. A section that
/// comes again goes on where it stopped; a key twice is an error.
struct INIReader {
  private struct Line {
    var key: Range<Int>
    var value: Range<Int>?
  }

  private struct Section {
    var name: Range<Int>
    var lines: [Line]
  }

  static func read(_ bytes: [UInt8], from start: Int, into builder: inout ArenaBuilder) throws(ReadingProblem) {
    let (head, sections) = try sections(of: bytes, from: start)
    try builder.begin(.mapping, at: start, style: .block)
    try emit(head, into: &builder)
    for section in sections {
      try builder.scalar(.string, TextReference(section.name), range: section.name, style: .plain)
      try builder.begin(.mapping, at: section.lines.first?.key.lowerBound ?? section.name.upperBound, style: .block)
      try emit(section.lines, into: &builder)
      try builder.end(at: nil)
    }
    try builder.end(at: nil)
  }

  /// Whether text opens with a section and every line of its first 64 KiB fits.
  static func looksLikeINI(_ bytes: [UInt8]) -> Bool {
    var text = Array(bytes.prefix(1 << 16))
    if text.count < bytes.count { text.removeLast(text.reversed().prefix { $0 != 0x0A }.count) }
    guard let read = try? sections(of: text, from: 0) else { return false }
    return read.head.isEmpty && !read.sections.isEmpty
      && read.sections.allSatisfy { $0.lines.allSatisfy { $0.value != nil } }
  }

  private static func emit(_ lines: [Line], into builder: inout ArenaBuilder) throws(ReadingProblem) {
    for line in lines {
      try builder.scalar(.string, TextReference(line.key), range: line.key, style: .plain)
      let value = line.value ?? line.key.upperBound..<line.key.upperBound
      try builder.scalar(line.value == nil ? .null : .string, TextReference(value), range: value, style: .plain)
    }
  }

  private static func sections(
    of bytes: [UInt8], from start: Int
  ) throws(ReadingProblem) -> (head: [Line], sections: [Section]) {
    var head: [Line] = []
    var sections: [Section] = []
    var numbers: [ExactText: Int] = [:]
    var current: Int? = nil
    var position = start
    while position < bytes.count {
      let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
      let line = trimmed(bytes, position..<end)
      position = end + 1
      guard !line.isEmpty, bytes[line.lowerBound] != UInt8(ascii: "#"), bytes[line.lowerBound] != UInt8(ascii: ";")
      else { continue }
      if bytes[line.lowerBound] == UInt8(ascii: "[") {
        let name = try sectionName(bytes, line)
        let text = ExactText(String(decoding: bytes[name], as: UTF8.self))
        current = numbers[text] ?? sections.count
        if numbers.updateValue(current ?? 0, forKey: text) == nil { sections.append(Section(name: name, lines: [])) }
      } else {
        let entry = try entry(bytes, line)
        if let current { sections[current].lines.append(entry) } else { head.append(entry) }
      }
    }
    return (head, sections)
  }

  private static func sectionName(_ bytes: [UInt8], _ line: Range<Int>) throws(ReadingProblem) -> Range<Int> {
    guard line.count > 2, bytes[line.upperBound - 1] == UInt8(ascii: "]") else {
      throw ReadingProblem(.syntax, "a section should be [name]", at: line.lowerBound)
    }
    return trimmed(bytes, line.lowerBound + 1..<line.upperBound - 1)
  }

  private static func entry(_ bytes: [UInt8], _ line: Range<Int>) throws(ReadingProblem) -> Line {
    guard let sign = bytes[line].firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else {
      return Line(key: line, value: nil)
    }
    let key = trimmed(bytes, line.lowerBound..<sign)
    guard !key.isEmpty else { throw ReadingProblem(.syntax, "a key should stand here", at: line.lowerBound) }
    return Line(key: key, value: trimmed(bytes, sign + 1..<line.upperBound))
  }

  private static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, isBlank(bytes[first]) { range.removeFirst() }
    while let last = range.last, isBlank(bytes[last]) { range.removeLast() }
    return range
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
