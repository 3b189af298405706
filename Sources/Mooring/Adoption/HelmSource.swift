import Documents

/// Writes changes down in the values of a chart: a value that is what the field was, or a part of its text, and whose
/// change makes the field so.
struct HelmSource: AdoptionSource {
  /// Values that are tried for one field.
  private static let most = 40
  /// How far above a field the value is looked for that the chart takes over as a whole, as by `toYaml`.
  private static let levels = 4

  let options: HelmOptions

  func candidates(for change: RenderedChange, in inputs: InputFiles) throws -> [AdoptionCandidate] {
    guard case .field(let field) = change.kind else { return [] }
    var found: [(score: Int, candidate: AdoptionCandidate)] = []
    // The last file wins; the chart's own values are everybody's.
    let own = try inputs.isFolder(options.chart) ? ["\(options.chart)/values.yaml"] : []
    for (order, file) in (options.values.reversed() + own).enumerated() {
      guard let bytes = try inputs.bytes(file), let root = try inputs.document(file) else { continue }
      let ways = scalars(field, root) + trees(field, change.root, root)
      for (score, edit) in ways {
        guard let edited = Kustomization.edit(bytes, [edit]) else { continue }
        found.append((score + order, AdoptionCandidate(files: [(file, edited)])))
      }
    }
    return found.sorted { $0.score < $1.score }.prefix(Self.most).map(\.candidate)
  }

  /// Scalars that are the field's old value, or a part of it.
  private func scalars(_ field: FieldDifference, _ values: Node) -> [(Int, FieldEdit)] {
    guard let old = field.old?.scalar, let new = field.new?.scalar else { return [] }
    return Self.nodes(below: values, at: .root).compactMap { path, node in
      guard let value = node.scalar, value != .null,
        let text = Self.replacement(for: value.text, of: old.text, new.text)
      else { return nil }
      let isWhole = value.text == old.text
      let wanted: Scalar = isWhole && value.stringValue == nil ? new : .string(text)
      let isNamed = path.components.last == field.path.components.last
      return ((isNamed ? 0 : 100) + (isWhole ? 0 : 200), FieldEdit(path: path, .set(.scalar(wanted))))
    }
  }

  /// What has to stand in a value's place so that a text which has it as a part becomes another one.
  static func replacement(for value: String, of old: String, _ new: String) -> String? {
    if value == old { return new }
    guard value.count > 1, let range = old.firstRange(of: value) else { return nil }
    let (before, after) = (old[..<range.lowerBound], old[range.upperBound...])
    guard new.hasPrefix(before), new.hasSuffix(after), before.count + after.count < new.count else { return nil }
    return String(new.dropFirst(before.count).dropLast(after.count))
  }

  /// Mappings and lists of the values that the object has above the field.
  private func trees(_ field: FieldDifference, _ object: Node, _ values: Node) -> [(Int, FieldEdit)] {
    (1...Self.levels).flatMap { level -> [(Int, FieldEdit)] in
      let components = field.path.components
      guard components.count > level, let above = object[FieldPath(Array(components.dropLast(level)))],
        above.kind != .scalar
      else { return [] }
      let wanted = FieldValue(above)
      return Self.nodes(below: values, at: .root).compactMap { path, node in
        guard node.kind == above.kind, FieldValue(node) == wanted else { return nil }
        return field.edit(at: FieldPath(path.components + components.suffix(level))).map { (50 + level, $0) }
      }
    }
  }

  private static func nodes(below node: Node, at path: FieldPath) -> [(FieldPath, Node)] {
    let children: [(FieldPath, Node)] =
      switch node.kind {
      case .scalar: []
      case .mapping: node.entries.map { (path.appending(key: $0.key), $0.value) }
      case .sequence: node.elements.enumerated().map { (path.appending(.index($0.offset)), $0.element) }
      }
    return children.flatMap { [$0] + nodes(below: $0.1, at: $0.0) }
  }
}
