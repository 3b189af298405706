extension YAMLEditor {
  /// The ways to give a node of block style, or a flow node within one, another value.
  func replaceInBlock(_ node: Node, with value: FieldValue) throws(EditProblem) -> [[Splice]] {
    let writer = styled(node)
    var ways: [[Splice]] = []
    if case .scalar(.string(let text)) = value, node.kind == .scalar, node.tag == nil,
      node.style == .literal || node.style == .folded,
      let way = YAMLBlockScalar(node, in: source).replacing(with: text, in: source)
    {
      ways.append(way)
    }
    let staysFlow = node.style == .flow && !node.childSpans.isEmpty && value.scalar == nil
    let staysQuoted = node.style == .doubleQuoted && value.scalar != nil
    if isPlacedInline(node), isOneLine(value) || staysFlow || staysQuoted {
      ways.append(source.replacing(contentRange(node), with: inline(value, writer)))
    }
    if let holder = site.container {
      for writer in [writer, writer.withoutLiterals] {
        let text =
          holder.kind == .sequence
          ? writer.value(value, behindDashAt: layout.dashColumn(holder))
          : writer.value(value, underKeyAt: try keyColumn(holder))
        ways.append(try splices(for: node, text))
      }
      ways.append(try splices(for: node, YAMLWriter.Text(first: inline(value, writer))))
    } else {
      let content = contentRange(node)
      let isInline = isPlacedInline(node) || content.isEmpty
      let end = isInline ? content.upperBound : lastLineEnd(node)
      ways.append([Splice(content.lowerBound..<max(content.lowerBound, end), inline(value, writer))])
    }
    return ways
  }

  private func isOneLine(_ value: FieldValue) -> Bool {
    switch value {
    case .scalar(.string(let text)): !text.utf8.contains(0x0A)
    case .scalar: true
    case .mapping(let entries): entries.isEmpty
    case .sequence(let values): values.isEmpty
    }
  }

  private func inline(_ value: FieldValue, _ writer: YAMLWriter) -> String {
    switch value {
    case .scalar(let scalar): YAMLScalarWriter.text(scalar, style: writer.style, isInFlow: false)
    case .mapping, .sequence: writer.flow(value)
    }
  }

  /// Whether the node has a text of its own that others can stand in for, wherever that is.
  private func isPlacedInline(_ node: Node) -> Bool {
    switch node.style {
    case .block, .literal, .folded: false
    case .plain, .singleQuoted, .doubleQuoted, .flow: !contentRange(node).isEmpty
    }
  }

  /// The node without its anchor; its tag goes with the value.
  private func contentRange(_ node: Node) -> Range<Int> {
    let start = node.tag == nil ? node.contentStart(in: source) : node.byteRange.lowerBound
    return start..<max(start, node.byteRange.upperBound)
  }

  private func keyColumn(_ mapping: Node) throws(EditProblem) -> Int {
    source.column(of: mapping.ownEntries.first?.keyNode.byteRange.lowerBound ?? mapping.byteRange.lowerBound)
  }

  /// Behind the colon or the dash before the node, and behind its anchor when it has one.
  private func indicatorEnd(_ node: Node) throws(EditProblem) -> Int {
    guard let holder = site.container else { return node.byteRange.lowerBound }
    var end: Int
    if holder.kind == .sequence {
      end = try layout.dash(before: node, in: holder) + 1
    } else {
      end = try layout.colonEnd(holder.ownEntries[site.place])
    }
    let next = source.skipBlanks(from: end)
    if node.anchor != nil, node.tag == nil, source[next] == UInt8(ascii: "&") {
      end = next
      while let byte = source[end], !SourceText.isSpace(byte) { end += 1 }
    }
    return end
  }

  /// Puts a text behind the indicator, and its lines below, in place of the node's own.
  private func splices(for node: Node, _ text: YAMLWriter.Text) throws(EditProblem) -> [Splice] {
    let indicator = try indicatorEnd(node)
    let content = contentRange(node)
    let lines = text.rest.map { source.lineBreak + $0 }.joined()
    let starts = !content.isEmpty && content.lowerBound <= source.lineEnd(of: indicator)
    guard starts || node.style == .literal || node.style == .folded else {
      let first = text.first.isEmpty ? "" : " " + text.first
      let start = source.lineEnd(of: indicator)
      guard !content.isEmpty else { return [Splice(at: indicator, first), Splice(at: start, lines)] }
      // The comments above the last entry stay when that is removed.
      let isEmptied = text.first == "{}" || text.first == "[]"
      let own = isEmptied ? source.end(ofLineBefore: source.lineStart(of: content.lowerBound)) : start
      return [Splice(at: indicator, first), Splice(own..<lastLineEnd(node), lines)]
    }
    let own: Range<Int>
    let below: Range<Int>
    if node.style == .literal || node.style == .folded {
      let scalar = YAMLBlockScalar(node, in: source)
      own = content.lowerBound..<scalar.header.upperBound
      below = scalar.body
    } else if node.style == .block {
      own = content.lowerBound..<lastLineEnd(node)
      below = own.upperBound..<own.upperBound
    } else {
      own = content
      let end = source.lineEnd(of: content.upperBound)
      below = end..<end
    }
    let start = text.first.isEmpty ? source.skipBlanks(backFrom: own.lowerBound) : own.lowerBound
    return [Splice(start..<own.upperBound, text.first), Splice(below, lines)]
  }

  private func lastLineEnd(_ node: Node) -> Int { source.end(ofLineBefore: layout.lineAfter(node)) }
}
