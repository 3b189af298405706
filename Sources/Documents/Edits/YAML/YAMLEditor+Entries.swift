extension YAMLEditor {
  /// A new entry stands behind the last one of its mapping.
  func insertEntry(
    _ mapping: Node, _ value: FieldValue, _ writer: YAMLWriter
  ) throws(EditProblem) -> [Splice] {
    guard let first = mapping.ownEntries.first, let last = mapping.ownEntries.last else {
      throw EditProblem(.unsupported, "the mapping has no entry to stand behind", at: mapping.byteRange.lowerBound)
    }
    _ = try layout.colonEnd(last)
    let column = source.column(of: first.keyNode.byteRange.lowerBound)
    let lines = writer.entry(FieldValue.Entry(key: site.key, value: value), at: column)
    return [source.insertingLines(lines, at: layout.lineAfter(last.value))]
  }

  /// A new element stands behind the one before it, so that comments stay above the one that they speak of.
  func insertElement(
    _ list: Node, _ value: FieldValue, _ writer: YAMLWriter
  ) throws(EditProblem) -> [Splice] {
    let column = layout.dashColumn(list)
    let lines = writer.element(value, at: column)
    if site.place > 0, site.place <= list.elements.count {
      return [source.insertingLines(lines, at: layout.lineAfter(list.elements[site.place - 1]))]
    }
    let gap = source.lineBreak + YAMLWriter.blanks(column)
    let text = lines.joined(separator: source.lineBreak).dropFirst(column)
    return [Splice(at: list.contentStart(in: source), text + gap)]
  }

  func removeEntry(_ mapping: Node) throws(EditProblem) -> [[Splice]] {
    let entries = mapping.ownEntries
    let entry = entries[site.place]
    _ = try layout.colonEnd(entry)
    let next = site.place + 1 < entries.count ? entries[site.place + 1].keyNode.byteRange.lowerBound : nil
    return remove(from: entry.keyNode.byteRange.lowerBound, to: layout.lineAfter(entry.value), next: next)
  }

  func removeElement(_ list: Node) throws(EditProblem) -> [[Splice]] {
    let elements = list.elements
    let element = elements[site.place]
    let dash = try layout.dash(before: element, in: list)
    var next: Int? = nil
    if site.place + 1 < elements.count { next = try layout.dash(before: elements[site.place + 1], in: list) }
    return remove(from: dash, to: layout.lineAfter(element), next: next)
  }

  /// Removes lines; where something else begins the first line (`- key: value`), the next entry moves up there unless
  /// a comment stands between them. The line break before the file's end stays only if the text above needs it.
  private func remove(from start: Int, to end: Int, next: Int?) -> [[Splice]] {
    if source.isFirstOnLine(start) {
      let lines = source.lineStart(of: start)..<end
      return [[source.removingLines(lines)], [Splice(lines)]]
    }
    if let next, source.bytes[end..<max(end, next)].allSatisfy(SourceText.isSpace) { return [[Splice(start..<next)]] }
    return [[Splice(source.skipBlanks(backFrom: start)..<source.end(ofLineBefore: end))]]
  }
}
