/// Where TOML's tables stand: which lines are a header, and which belong to it.
struct TOMLLayout {
  let source: SourceText

  /// Whether the table has a `[header]` of its own.
  func hasHeader(_ table: Node) -> Bool {
    table.kind == .mapping && table.style == .block && isHeader(table.byteRange.lowerBound)
  }

  private func isHeader(_ offset: Int) -> Bool {
    source[offset] == UInt8(ascii: "[") && source.isFirstOnLine(offset)
  }

  /// The nodes of the entries that are written as `key = value`, in the table itself or below it through dotted keys.
  func assignments(in table: Node) -> [Node.Entry] {
    table.ownEntries.flatMap { entry in
      isTable(entry.value) ? hasOwnHeaders(entry.value) ? [] : assignments(in: entry.value) : [entry]
    }
  }

  /// Whether a node is written on lines of its own, and not as a value.
  func isTable(_ node: Node) -> Bool { node.kind != .scalar && node.style == .block }

  private func hasOwnHeaders(_ node: Node) -> Bool {
    node.kind == .sequence || hasHeader(node)
  }

  /// The lines of a node and everything below it, each header and each assignment on its own.
  func lines(of entry: Node.Entry) -> [Range<Int>] {
    guard isTable(entry.value) else { return [lines(entry.keyNode.byteRange.lowerBound, entry.value.deepEnd)] }
    return lines(of: entry.value)
  }

  func lines(of node: Node) -> [Range<Int>] {
    if node.kind == .sequence { return node.elements.flatMap(lines) }
    let start = node.byteRange.lowerBound
    let header = hasHeader(node) ? [lines(start, start)] : []
    return header + node.ownEntries.flatMap(lines)
  }

  private func lines(_ start: Int, _ end: Int) -> Range<Int> { source.lineStart(of: start)..<source.nextLine(of: end) }

  /// Lines in order, where only blank lines and comments stand between two joined to one.
  func joined(_ lines: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in lines.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      if let last = result.last, source.skipSpace(from: last.upperBound) >= range.lowerBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}
