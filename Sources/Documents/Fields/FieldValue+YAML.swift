extension FieldValue {
  /// A document in block YAML that reads back to exactly this value: two blanks a level, dashes under their keys, texts of
  /// several lines as `|`, a line break at its end. The same value always gives the same text.
  public var yaml: String {
    let text = block
    let read = try? Document.parse(Array(text.utf8), as: .yaml, limits: Self.ownLimits)
    return read.map { $0.count == 1 && FieldValue($0[0].root) == self } == true ? text : exact + "\n"
  }

  private static let ownLimits = Limits(bytes: 1 << 30, depth: 1_000, nodes: 1 << 28, documents: 2)

  private var block: String {
    let writer = YAMLWriter(unit: 2, listUnit: 0)
    let lines: [String] =
      switch self {
      case .mapping(let entries) where !entries.isEmpty: entries.flatMap { writer.entry($0, at: 0) }
      case .sequence(let values) where !values.isEmpty: values.flatMap { writer.element($0, at: 0) }
      default: [writer.flow(self)]
      }
    return lines.joined(separator: "\n") + "\n"
  }
}
