/// How the children of a container in brackets or braces stand there: JSON, YAML's flow style, TOML's arrays and inline
/// tables.
struct FlowLayout {
  let source: SourceText
  /// Key and value together.
  let spans: [Range<Int>]
  /// Between the brackets.
  let inside: Range<Int>

  /// Throws when the container has no brackets of its own, as in YAML's `[key: value]`.
  init(_ container: Node, in source: SourceText) throws(EditProblem) {
    self.source = source
    let start = container.contentStart(in: source)
    let end = container.byteRange.upperBound
    guard let opening = source[start], "[{".utf8.contains(opening), end - 1 > start,
      let closing = source[end - 1], "]}".utf8.contains(closing)
    else {
      throw EditProblem(
        .unsupported, "\(container.typeName) without brackets of its own can't be changed here", at: start,
        remedy: "write it in brackets first")
    }
    inside = start + 1..<end - 1
    spans = container.childSpans
  }

  /// Whether each child has lines of its own.
  var isByLine: Bool { spans.last.map { source.isFirstOnLine($0.lowerBound) } ?? false }

  var indentation: String { spans.last.map { source.indentation(of: $0.lowerBound) } ?? "" }

  /// The blanks that one level of nesting adds to a line.
  var unit: String {
    let outer = source.indentation(of: inside.lowerBound - 1)
    let inner = indentation
    return isByLine && inner.hasPrefix(outer) && inner != outer ? String(inner.dropFirst(outer.count)) : "  "
  }

  /// Behind the comma after a child; nil when there is none.
  func commaEnd(after place: Int) -> Int? {
    let comma = source.skipSpace(from: spans[place].upperBound)
    return source[comma] == UInt8(ascii: ",") ? comma + 1 : nil
  }

  /// What parts two children on one line.
  var separator: String {
    guard spans.count > 1 else { return ", " }
    let text = source.string(spans[spans.count - 2].upperBound..<spans[spans.count - 1].lowerBound)
    return text.utf8.allSatisfy { $0 == UInt8(ascii: ",") || $0 == 0x20 } ? text : ", "
  }

  // MARK: Inserting

  func inserting(_ text: String, at place: Int) -> [Splice] {
    guard let last = spans.last else { return insertingFirst(text) }
    if place < spans.count {
      let gap = isByLine ? "," + source.lineBreak + indentation : separator
      return [Splice(at: spans[place].lowerBound, text + gap)]
    }
    guard isByLine else { return [Splice(at: last.upperBound, separator + text)] }
    let comma = commaEnd(after: spans.count - 1)
    let line = source.lineBreak + indentation + text
    let behind = comma ?? last.upperBound
    let rest = source.skipBlanks(from: behind)
    let endsLine = rest == source.lineEnd(of: rest) || source[rest] == UInt8(ascii: "#")
    let splice = Splice(at: endsLine ? source.lineEnd(of: behind) : behind, line + (comma == nil ? "" : ","))
    return comma == nil ? [Splice(at: last.upperBound, ","), splice] : [splice]
  }

  private func insertingFirst(_ text: String) -> [Splice] {
    if source.bytes[inside].allSatisfy(SourceText.isSpace) { return [Splice(inside, text)] }
    // Comments stand between the brackets, so the closing one is on a line of its own.
    return [
      Splice(
        at: source.lineStart(of: inside.upperBound),
        source.indentation(of: inside.upperBound) + "  " + text + source.lineBreak)
    ]
  }

  // MARK: Removing

  func removing(_ place: Int) -> [Splice] {
    let span = spans[place]
    let comma = commaEnd(after: place)
    let isLast = place == spans.count - 1
    var own = source.skipBlanks(backFrom: span.lowerBound)..<(comma ?? span.upperBound)
    let rest = source.skipBlanks(from: own.upperBound)
    let endsLine = rest == source.lineEnd(of: rest) || source[rest] == UInt8(ascii: "#")
    if source.isFirstOnLine(span.lowerBound), endsLine {
      own = source.lineStart(of: span.lowerBound)..<source.nextLine(of: rest)
    } else if !isLast, rest == spans[place + 1].lowerBound {
      own = span.lowerBound..<rest
    }
    guard isLast, comma == nil, place > 0, let before = commaEnd(after: place - 1) else { return [Splice(own)] }
    return [Splice(before - 1..<max(before, min(before, own.lowerBound))), Splice(own)]
  }
}

extension Node {
  /// The bytes of each child of a container: of its key and value together, in a mapping.
  var childSpans: [Range<Int>] {
    guard kind == .mapping else { return elements.map { $0.byteRange.lowerBound..<$0.deepEnd } }
    return ownEntries.map {
      $0.keyNode.byteRange.lowerBound..<max($0.keyNode.byteRange.upperBound, $0.value.deepEnd)
    }
  }

  /// Where the last of a node and all below it ends.
  var deepEnd: Int {
    storage.subtree(of: position).reduce(0) { max($0, Int(storage.records[Int($1)].end)) }
  }

  /// Where a node begins behind its YAML tag and anchor.
  func contentStart(in source: SourceText) -> Int {
    var place = byteRange.lowerBound
    guard !isAlias, anchor != nil || tag != nil else { return place }
    while place < byteRange.upperBound || kind != .scalar, let byte = source[place],
      byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!")
    {
      while let byte = source[place], !SourceText.isSpace(byte), place < byteRange.upperBound { place += 1 }
      place = source.skipSpace(from: place)
    }
    return kind == .scalar ? min(place, byteRange.upperBound) : place
  }
}
