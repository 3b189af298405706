/// Carries steps out in YAML.
struct YAMLEditor {
  let site: EditSite
  let layout: YAMLLayout
  let writer: YAMLWriter

  init(site: EditSite) {
    self.site = site
    layout = YAMLLayout(source: site.source)
    writer = layout.writer(in: site.root, siblings: site.siblings)
  }

  var source: SourceText { site.source }

  func spellings(of action: EditStep.Action) throws(EditProblem) -> [[Splice]] {
    switch action {
    case .replace(let value):
      let target = try site.existing()
      try refuseForeignTag(target)
      return site.isInFlow ? [try replaceInFlow(target, with: value)] : try replaceInBlock(target, with: value)
    case .insert(let value):
      let holder = try site.holder()
      if holder.style == .flow { return try insertInFlow(holder, value) }
      try refuseOpenEnd(holder)
      return try [writer, writer.withoutLiterals].map { (writer) throws(EditProblem) in
        holder.kind == .mapping ? try insertEntry(holder, value, writer) : try insertElement(holder, value, writer)
      }
    case .remove:
      let holder = try site.holder()
      if holder.style == .flow {
        let flow = try FlowLayout(holder, in: source)
        return [flow.spans.count > 1 ? flow.removing(site.place) : [Splice(flow.inside)]]
      }
      if site.siblings.count == 1 { return try emptied(holder) }
      return holder.kind == .mapping ? try removeEntry(holder) : try removeElement(holder)
    }
  }

  /// The last entry leaves `{}` or `[]` behind.
  private func emptied(_ holder: Node) throws(EditProblem) -> [[Splice]] {
    let empty: FieldValue = holder.kind == .mapping ? .mapping([]) : .sequence([])
    let step = EditStep(path: Array(site.path.dropLast()), action: .replace(empty))
    let document = Document(root: site.root, format: .yaml)
    return try YAMLEditor(site: EditSite(step, in: document, source)).spellings(of: step.action)
  }

  private func refuseForeignTag(_ node: Node) throws(EditProblem) {
    guard let tag = node.tag, !tag.hasPrefix("tag:yaml.org,2002:"), tag != "!" else { return }
    throw EditProblem(
      .unsupported, "the value has the tag \(tag), which isn't known here", at: node.byteRange.lowerBound,
      remedy: "edit it by hand")
  }

  /// A block scalar that ends with the file, without a line break, would get one by what follows.
  private func refuseOpenEnd(_ holder: Node) throws(EditProblem) {
    let storage = holder.storage
    guard source.bytes.last != 0x0A, holder.deepEnd == source.bytes.count,
      let last = storage.subtree(of: holder.position).last,
      case let style = storage.records[Int(last)].style, style == .literal || style == .folded
    else { return }
    throw EditProblem(
      .unsupported, "the block scalar before it ends with the file", at: Int(storage.records[Int(last)].start),
      remedy: "end the file with a line break first")
  }

  // MARK: Flow style

  private func replaceInFlow(_ node: Node, with value: FieldValue) throws(EditProblem) -> [Splice] {
    let start = node.tag == nil ? node.contentStart(in: source) : node.byteRange.lowerBound
    let text = styled(node).flow(value)
    guard start == node.byteRange.upperBound else { return [Splice(start..<node.byteRange.upperBound, text)] }
    let before = source.skipBlanks(backFrom: start)
    let hasColon = site.container?.kind == .sequence || source[before - 1] == UInt8(ascii: ":") || node.anchor != nil
    return [Splice(at: before, (hasColon ? " " : ": ") + text)]
  }

  private func insertInFlow(_ holder: Node, _ value: FieldValue) throws(EditProblem) -> [[Splice]] {
    let flow = try FlowLayout(holder, in: source)
    let isMapping = holder.kind == .mapping
    if flow.spans.isEmpty, !site.ancestors.dropLast().contains(where: { $0.style == .flow }),
      site.ancestors.count > 1
    {
      let whole: FieldValue =
        isMapping ? .mapping([FieldValue.Entry(key: site.key, value: value)]) : .sequence([value])
      let step = EditStep(path: Array(site.path.dropLast()), action: .replace(whole))
      let document = Document(root: site.root, format: .yaml)
      return try YAMLEditor(site: EditSite(step, in: document, source)).spellings(of: step.action)
    }
    let key = isMapping ? YAMLScalarWriter.key(site.key, isInFlow: true) + ": " : ""
    return [flow.inserting(key + writer.flow(value), at: site.place)]
  }

  /// The writer with the style of the scalar that it replaces.
  func styled(_ node: Node) -> YAMLWriter {
    var writer = writer
    guard node.kind == .scalar else { return writer }
    if node.scalar?.stringValue != nil || node.style != .plain { writer.style = node.style }
    return writer
  }
}
