/// Where the parts of block YAML stand, beyond what nodes know of themselves.
struct YAMLLayout {
  let source: SourceText

  /// Where the line after a node of block style and all below it begins, or the file's end.
  func lineAfter(_ node: Node) -> Int {
    if node.isAlias || node.style == .flow { return source.nextLine(of: node.byteRange.upperBound) }
    switch node.kind {
    case .scalar where node.style == .literal || node.style == .folded:
      let end = YAMLBlockScalar(node, in: source).body.upperBound
      return source.nextLine(of: end)
    case .scalar: return source.nextLine(of: node.byteRange.upperBound)
    case .mapping, .sequence:
      guard let last = node.kind == .mapping ? node.ownEntries.last?.value : node.elements.last else {
        return source.nextLine(of: node.byteRange.upperBound)
      }
      return lineAfter(last)
    }
  }

  /// Behind the colon of a block mapping's entry; throws for a key after a question mark.
  func colonEnd(_ entry: Node.Entry) throws(EditProblem) -> Int {
    let colon = source.skipBlanks(from: entry.keyNode.byteRange.upperBound)
    guard source[colon] == UInt8(ascii: ":"), !isExplicit(entry) else {
      throw EditProblem(
        .unsupported, "a key after a question mark can't be edited", at: entry.keyNode.byteRange.lowerBound,
        remedy: "write it as key: value first")
    }
    return colon + 1
  }

  private func isExplicit(_ entry: Node.Entry) -> Bool {
    let before = source.skipBlanks(backFrom: entry.keyNode.byteRange.lowerBound)
    return before > source.start && source[before - 1] == UInt8(ascii: "?")
  }

  /// How deep the dashes of a block list stand.
  func dashColumn(_ list: Node) -> Int { source.column(of: list.contentStart(in: source)) }

  /// The dash before an element of a block list.
  func dash(before element: Node, in list: Node) throws(EditProblem) -> Int {
    let column = dashColumn(list)
    var line = source.lineStart(of: element.byteRange.lowerBound)
    let first = source.lineStart(of: list.byteRange.lowerBound)
    while line >= first {
      let place = line + column
      let indentation = source.skipBlanks(from: line)
      if source[place] == UInt8(ascii: "-"), source[place + 1].map(SourceText.isSpace) ?? true,
        place < element.byteRange.lowerBound, source[indentation] != UInt8(ascii: "#")
      {
        return place
      }
      guard line > source.start else { break }
      line = source.lineStart(of: line - 1)
    }
    throw EditProblem(.unsupported, "the list's dash isn't found", at: element.byteRange.lowerBound)
  }

  // MARK: The file's habits

  /// A writer that indents and quotes as the neighbours do.
  func writer(in root: Node, siblings: [Node]) -> YAMLWriter {
    var writer = YAMLWriter()
    var search = Search()
    look(at: root, &search, levels: 8)
    writer.unit = search.unit ?? 2
    writer.listUnit = search.listUnit ?? writer.unit
    let strings = siblings.filter { $0.scalar?.stringValue != nil }
    if let style = strings.last?.style, style == .singleQuoted || style == .doubleQuoted,
      strings.allSatisfy({ $0.style == style })
    {
      writer.style = style
    }
    return writer
  }

  private struct Search {
    var unit: Int?
    var listUnit: Int?
    /// Nodes that may still be looked at.
    var budget = 2_000
  }

  private func look(at node: Node, _ search: inout Search, levels: Int) {
    guard levels > 0, node.style == .block, !node.isAlias else { return }
    for entry in node.kind == .mapping ? node.ownEntries : [] {
      search.budget -= 1
      if search.budget < 0 || search.unit != nil && search.listUnit != nil { return }
      let value = entry.value
      guard value.kind != .scalar, value.style == .block, !value.isAlias else { continue }
      let start = value.contentStart(in: source)
      let depth = source.column(of: start) - source.column(of: entry.keyNode.byteRange.lowerBound)
      if value.kind == .mapping, depth > 0 { search.unit = search.unit ?? depth }
      if value.kind == .sequence, depth >= 0 { search.listUnit = search.listUnit ?? depth }
      look(at: value, &search, levels: levels - 1)
    }
    for element in node.elements.prefix(4) { look(at: element, &search, levels: levels - 1) }
  }
}
