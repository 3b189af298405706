/// Carries steps out in TOML.
struct TOMLEditor {
  let site: EditSite
  let layout: TOMLLayout

  init(site: EditSite) {
    self.site = site
    layout = TOMLLayout(source: site.source)
  }

  private var source: SourceText { site.source }

  func spellings(of action: EditStep.Action) throws(EditProblem) -> [[Splice]] {
    switch action {
    case .replace(let value):
      let target = try site.existing()
      guard !layout.isTable(target) else { throw unsupported("a table can't become a value", "remove it first") }
      let texts = try [writer(target).text(value), writer(nil).text(value)]
      return texts.map { source.replacing(target.byteRange, with: $0) }
    case .insert(let value):
      let holder = try site.holder()
      guard layout.isTable(holder) else { return [try insertInFlow(holder, value)] }
      return holder.kind == .sequence ? [try appendTable(holder, value)] : try insert(value, into: holder)
    case .remove:
      let holder = try site.holder()
      guard layout.isTable(holder) else {
        let flow = try FlowLayout(holder, in: source)
        return [flow.spans.count > 1 ? flow.removing(site.place) : [Splice(flow.inside)]]
      }
      return try remove(from: holder)
    }
  }

  private func writer(_ old: Node?) -> TOMLWriter {
    let offset = (site.target ?? site.container ?? site.root).byteRange.lowerBound
    var writer = TOMLWriter(offset: offset, endsWithCRLF: source.lineBreak == "\r\n")
    if let old, old.scalar?.stringValue != nil { writer.style = old.style }
    return writer
  }

  private func unsupported(_ message: String, _ remedy: String) -> EditProblem {
    let place = (site.target ?? site.container ?? site.root).byteRange.lowerBound
    return EditProblem(.unsupported, message, at: place, remedy: remedy)
  }

  private func insertInFlow(_ holder: Node, _ value: FieldValue) throws(EditProblem) -> [Splice] {
    let flow = try FlowLayout(holder, in: source)
    let text = try writer(site.siblings.last).text(value)
    guard holder.kind == .mapping else { return flow.inserting(text, at: site.place) }
    let entry = TOMLWriter.key(site.key) + " = " + text
    return flow.inserting(flow.spans.isEmpty ? " \(entry) " : entry, at: site.place)
  }

  // MARK: Tables

  /// An assignment behind the table's last one; a mapping becomes a table where its neighbours are tables.
  private func insert(_ value: FieldValue, into table: Node) throws(EditProblem) -> [[Splice]] {
    let way = site.path.dropLast()
    guard case .mapping(let entries) = value, site.siblings.contains(where: layout.hasHeader) else {
      return [try assign(value, in: table)]
    }
    let name = try (way + [.key(site.key)]).map(name).joined(separator: ".")
    let end = layout.lines(of: table).map(\.upperBound).max() ?? source.bytes.count
    return [try section("[\(name)]", entries, at: end), try assign(value, in: table)]
  }

  private func name(_ component: FieldPath.Component) throws(EditProblem) -> String {
    guard case .key(let key) = component else {
      throw unsupported("a table in a list of tables can't get tables of its own", "write it by hand")
    }
    return TOMLWriter.key(key)
  }

  private func assign(_ value: FieldValue, in table: Node) throws(EditProblem) -> [Splice] {
    let own = layout.assignments(in: table)
    let text = try writer(own.last { $0.value.kind == .scalar }?.value).text(value)
    var key = TOMLWriter.key(site.key)
    var indentation = ""
    var place = source.start
    if let last = own.last {
      let start = source.lineStart(of: last.keyNode.byteRange.lowerBound)
      indentation = source.indentation(of: start)
      place = source.nextLine(of: last.value.deepEnd)
      key = try dotted(table) + key
    } else if layout.hasHeader(table) {
      place = source.nextLine(of: table.byteRange.lowerBound)
    } else {
      guard site.path.count == 1 else {
        throw unsupported("the table has no line of its own to stand behind", "write it by hand")
      }
      let first = table.ownEntries.first.map { $0.value.byteRange.lowerBound }
      place = first.map(source.lineStart) ?? source.bytes.count
    }
    return [source.insertingLines([indentation + key + " = " + text], at: place)]
  }

  /// What stands before the key in a table that dotted keys make: `a.b.`.
  private func dotted(_ table: Node) throws(EditProblem) -> String {
    var names: [String] = []
    for (node, component) in zip(site.ancestors, [FieldPath.Component.index(0)] + site.path).reversed() {
      if layout.hasHeader(node) || node.position == site.root.position { break }
      names.append(try name(component))
    }
    return names.reversed().map { $0 + "." }.joined()
  }

  private func appendTable(_ list: Node, _ value: FieldValue) throws(EditProblem) -> [Splice] {
    guard case .mapping(let entries) = value, site.place == list.elements.count else {
      throw unsupported("a table can only stand behind the others", "write it by hand")
    }
    let name = try site.path.dropLast().map(name).joined(separator: ".")
    let end = layout.lines(of: list).map(\.upperBound).max() ?? source.bytes.count
    return try section("[[\(name)]]", entries, at: end)
  }

  private func section(
    _ header: String, _ entries: [FieldValue.Entry], at place: Int
  ) throws(EditProblem) -> [Splice] {
    var lines = ["", header]
    for entry in entries { lines.append(TOMLWriter.key(entry.key) + " = " + (try writer(nil).text(entry.value))) }
    return [source.insertingLines(lines, at: place)]
  }

  private func remove(from holder: Node) throws(EditProblem) -> [[Splice]] {
    let lines: [Range<Int>]
    if holder.kind == .sequence {
      guard holder.elements.count > 1 else { throw unsupported("a list of tables can't be empty", "remove the list") }
      lines = layout.lines(of: holder.elements[site.place])
    } else {
      lines = layout.lines(of: holder.ownEntries[site.place])
    }
    let removals = layout.joined(lines).map(source.removingLines)
    return [removals, try emptied(holder, lines)].filter { !$0.isEmpty }
  }

  /// A table that is there only by what is removed stays as an empty one.
  private func emptied(_ holder: Node, _ lines: [Range<Int>]) throws(EditProblem) -> [Splice] {
    guard site.path.count > 1, holder.kind == .mapping, let first = layout.joined(lines).first else { return [] }
    let isDotted = source[source.skipBlanks(from: first.lowerBound)] != UInt8(ascii: "[")
    let text =
      isDotted
      ? String(try dotted(holder).dropLast()) + " = {}"
      : "[" + (try site.path.dropLast().map(name).joined(separator: ".")) + "]"
    let end = source.end(ofLineBefore: first.upperBound)
    let kept = source.indentation(of: first.lowerBound) + text
    return [Splice(first.lowerBound..<end, kept)] + layout.joined(lines).dropFirst().map(source.removingLines)
  }
}
