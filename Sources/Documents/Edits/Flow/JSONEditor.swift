/// Carries steps out in JSON.
struct JSONEditor {
  let site: EditSite

  func spellings(of action: EditStep.Action) throws(EditProblem) -> [[Splice]] {
    switch action {
    case .replace(let value):
      let target = try site.existing()
      let holder = try site.container.map { (holder) throws(EditProblem) in try FlowLayout(holder, in: site.source) }
      return [[Splice(target.byteRange, try writer(holder).text(value, layout(holder)))]]
    case .insert(let value):
      let holder = try site.holder()
      let flow = try FlowLayout(holder, in: site.source)
      guard !flow.spans.isEmpty else { return [try filling(holder, with: value)] }
      return [flow.inserting(try entry(value, writer(flow), layout(flow)), at: site.place)]
    case .remove:
      let holder = try site.holder()
      let flow = try FlowLayout(holder, in: site.source)
      guard flow.spans.count > 1 else { return [[Splice(flow.inside)]] }
      return [flow.removing(site.place)]
    }
  }

  private func entry(
    _ value: FieldValue, _ writer: JSONWriter, _ layout: JSONWriter.Layout
  ) throws(EditProblem) -> String {
    let text = try writer.text(value, layout)
    return site.container?.kind == .mapping ? writer.key(site.key) + writer.colon + text : text
  }

  /// Writes an empty container anew: on lines when what holds it is on lines.
  private func filling(_ container: Node, with value: FieldValue) throws(EditProblem) -> [Splice] {
    let outer = try site.ancestors.dropLast().last.map { (outer) throws(EditProblem) in
      try FlowLayout(outer, in: site.source)
    }
    let whole: FieldValue =
      container.kind == .mapping ? .mapping([FieldValue.Entry(key: site.key, value: value)]) : .sequence([value])
    return [Splice(container.byteRange, try writer(outer).text(whole, layout(outer)))]
  }

  private func layout(_ flow: FlowLayout?) -> JSONWriter.Layout {
    guard let flow, flow.isByLine else { return .line }
    return .lines(indentation: flow.indentation, unit: flow.unit, lineBreak: site.source.lineBreak)
  }

  /// Spaces colons and commas as the neighbours do.
  private func writer(_ flow: FlowLayout?) -> JSONWriter {
    var writer = JSONWriter(offset: (site.target ?? site.container ?? site.root).byteRange.lowerBound)
    let mapping = site.ancestors.last { $0.kind == .mapping && !$0.ownEntries.isEmpty }
    if let entry = mapping?.ownEntries.last {
      let gap = site.source.string(entry.keyNode.byteRange.upperBound..<entry.value.byteRange.lowerBound)
      if gap.utf8.allSatisfy({ $0 == UInt8(ascii: ":") || $0 == 0x20 }) { writer.colon = gap }
    }
    writer.comma = flow.map { $0.isByLine ? ", " : $0.separator } ?? ", "
    if writer.colon == ":" { writer.comma = "," }
    return writer
  }
}
