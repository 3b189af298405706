/// Carries out steps on whole sections of an INI file, and finds where a section without keys begins.
struct INISections {
  let site: EditSite
  private var source: SourceText { site.source }

  /// Nil when the step is about a key before the first section.
  func spellings(of action: EditStep.Action) throws(EditProblem) -> [[Splice]]? {
    switch action {
    case .insert(.mapping(let entries)): return try insert(entries)
    case .remove where site.target?.kind == .mapping: return [try removal()]
    case .replace where site.target?.kind == .mapping:
      throw EditProblem(
        .unsupported, "a section can't become a value", at: site.target?.byteRange.lowerBound ?? 0,
        remedy: "remove it first")
    default: return nil
    }
  }

  /// Where the first key of the section goes, or of the file's head.
  var bodyStart: Int {
    guard site.path.count > 1, let holder = site.ancestors.dropLast().last,
      case .key(let name)? = site.path.dropLast().last,
      let header = holder.ownEntries.first(where: { $0.key.isExactly(name) })
    else {
      guard site.format == .ini else { return source.bytes.count }
      return site.root.ownEntries.first.map { source.lineStart(of: $0.keyNode.byteRange.lowerBound) }
        ?? source.bytes.count
    }
    return source.nextLine(of: header.keyNode.byteRange.upperBound)
  }

  private func insert(_ entries: [FieldValue.Entry]) throws(EditProblem) -> [[Splice]] {
    let writer = LineWriter(format: .ini, offset: source.bytes.count)
    let separator = site.root.ownEntries.lazy.flatMap { [$0] + $0.value.ownEntriesOrNone }
      .filter { $0.value.kind == .scalar && $0.value.scalar != .null }.compactMap {
        LineEntry($0).separator(in: source)
      }.first
    var lines = source.bytes.count > source.start ? ["", "[\(site.key)]"] : ["[\(site.key)]"]
    for entry in entries {
      let key = try writer.key(entry.key)
      let value = entry.value.scalar == .null ? nil : try writer.spellings(of: entry.value, style: .plain).first
      lines.append(key + (value.map { (separator ?? " = ") + $0 } ?? ""))
    }
    return [[source.insertingLines(lines, at: source.bytes.count)]]
  }

  /// The section's headers and keys, wherever it goes on, with the comments between them.
  private func removal() throws(EditProblem) -> [Splice] {
    var splices: [Splice] = []
    var position = source.start
    var isInside = false
    var start = position
    while position < source.bytes.count {
      let next = source.nextLine(of: position)
      let first = source.skipBlanks(from: position)
      if source[first] == UInt8(ascii: "[") {
        let isOwn = sectionName(position..<next).isExactly(site.key)
        if isInside, !isOwn { splices.append(source.removingLines(start..<contentEnd(start, position))) }
        if !isInside, isOwn { start = position }
        isInside = isOwn
      }
      position = next
    }
    if isInside { splices.append(source.removingLines(start..<contentEnd(start, position))) }
    return splices
  }

  private func sectionName(_ line: Range<Int>) -> String {
    let bytes = source.bytes[line].filter { $0 != 0x0D && $0 != 0x0A }
    guard let opening = bytes.firstIndex(of: UInt8(ascii: "[")), let closing = bytes.lastIndex(of: UInt8(ascii: "]"))
    else { return "" }
    let inner = bytes[min(opening + 1, closing)..<closing].drop(while: SourceText.isBlank)
    return String(decoding: inner.reversed().drop(while: SourceText.isBlank).reversed(), as: UTF8.self)
  }

  /// Without the comments and blank lines above the next section, which speak of that.
  private func contentEnd(_ start: Int, _ end: Int) -> Int {
    var result = end
    while result > start, case let line = source.lineStart(of: source.end(ofLineBefore: result)), line > start,
      line < result
    {
      let first = source.skipBlanks(from: line)
      guard first >= source.lineEnd(of: first) || [UInt8(ascii: "#"), UInt8(ascii: ";")].contains(source[first])
      else { break }
      result = line
    }
    return result
  }
}

extension Node {
  var ownEntriesOrNone: [Entry] { kind == .mapping ? ownEntries : [] }
}
