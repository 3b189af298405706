/// Values as YAML, in the habits of the file around them.
struct YAMLWriter {
  /// A value as it stands behind `key:` or `-`: what follows on that line, and the lines below it.
  struct Text {
    var first: String
    var rest: [String] = []
  }

  /// Blanks that a mapping in a mapping stands deeper.
  var unit = 2
  /// Blanks that a list in a mapping stands deeper than its key.
  var listUnit = 2
  var style = NodeStyle.plain
  /// Whether a text of several lines is written as `|`.
  var writesLiterals = true

  /// The same without `|`, which takes blank lines that follow, or a missing line break at the file's end, into its text.
  var withoutLiterals: Self {
    var writer = self
    writer.writesLiterals = false
    return writer
  }

  /// In one line.
  func flow(_ value: FieldValue) -> String {
    switch value {
    case .scalar(let scalar): YAMLScalarWriter.text(scalar, style: style, isInFlow: true)
    case .sequence(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{"
        + entries.map { YAMLScalarWriter.key($0.key, isInFlow: true) + ": " + flow($0.value) }
        .joined(separator: ", ") + "}"
    }
  }

  /// Behind the colon of a key that stands `column` blanks deep.
  func value(_ value: FieldValue, underKeyAt column: Int) -> Text {
    switch value {
    case .mapping(let entries) where !entries.isEmpty:
      Text(first: "", rest: entries.flatMap { entry($0, at: column + unit) })
    case .sequence(let values) where !values.isEmpty:
      Text(first: "", rest: values.flatMap { element($0, at: column + listUnit) })
    default: short(value, column + unit)
    }
  }

  /// Behind the dash of an element that stands `column` blanks deep.
  func value(_ value: FieldValue, behindDashAt column: Int) -> Text {
    var lines: [String]
    switch value {
    case .mapping(let entries) where !entries.isEmpty: lines = entries.flatMap { entry($0, at: column + 2) }
    case .sequence(let values) where !values.isEmpty: lines = values.flatMap { element($0, at: column + 2) }
    default: return short(value, column + 2)
    }
    return Text(first: String(lines.removeFirst().dropFirst(column + 2)), rest: lines)
  }

  func entry(_ entry: FieldValue.Entry, at column: Int) -> [String] {
    let text = value(entry.value, underKeyAt: column)
    let key = Self.blanks(column) + YAMLScalarWriter.key(entry.key, isInFlow: false) + ":"
    return [key + (text.first.isEmpty ? "" : " " + text.first)] + text.rest
  }

  func element(_ value: FieldValue, at column: Int) -> [String] {
    let text = self.value(value, behindDashAt: column)
    return [Self.blanks(column) + "- " + text.first] + text.rest
  }

  private func short(_ value: FieldValue, _ column: Int) -> Text {
    switch value {
    case .scalar(.string(let text)) where writesLiterals:
      YAMLBlockScalar.literal(text, at: column) ?? Text(first: block(value))
    default: Text(first: block(value))
    }
  }

  private func block(_ value: FieldValue) -> String {
    switch value {
    case .scalar(let scalar): YAMLScalarWriter.text(scalar, style: style, isInFlow: false)
    default: flow(value)
    }
  }

  static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}
