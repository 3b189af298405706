/// A value that no longer needs its document: a scalar, or a whole subtree with aliases and merge keys written out.
///
/// Mappings are equal whatever the order of their keys.
public indirect enum FieldValue: Sendable {
  public struct Entry: Sendable {
    public let key: String
    public let value: FieldValue

    public init(key: String, value: FieldValue) {
      self.key = key
      self.value = value
    }
  }

  case scalar(Scalar)
  case sequence([FieldValue])
  /// Keys are unique, in the document's order.
  case mapping([Entry])

  public init(_ node: Node) {
    switch node.kind {
    case .scalar: self = .scalar(node.scalar ?? .null)
    case .sequence: self = .sequence(node.elements.map(FieldValue.init))
    case .mapping: self = .mapping(node.entries.map { Entry(key: $0.key, value: FieldValue($0.value)) })
    }
  }

  public var scalar: Scalar? {
    if case .scalar(let scalar) = self { scalar } else { nil }
  }

  /// The value of a mapping's key; linear in the size of the mapping.
  subscript(key: String) -> FieldValue? {
    guard case .mapping(let entries) = self else { return nil }
    return entries.first { $0.key.isExactly(key) }?.value
  }

  private func rendered(_ text: (Scalar) -> String) -> String {
    switch self {
    case .scalar(let scalar): text(scalar)
    case .sequence(let values): "[" + values.map { $0.rendered(text) }.joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\(Self.key($0.key)): \($0.value.rendered(text))" }.joined(separator: ", ") + "}"
    }
  }

  /// Keys are told apart by their text alone, so `8080` and `true` need no quotes. YAML wants a question mark before a
  /// key of more than 1,024 characters.
  private static func key(_ key: String) -> String {
    let isNull = CoreSchema.type(ofPlain: Array(key.utf8)) == .null
    let text = !isNull && key != "<<" && Scalar.isPlain(key) ? key : Scalar.quoted(key)
    return text.utf8.count > 1_000 ? "? \(text) " : text
  }

  /// YAML in one line that reads back to exactly this value.
  public var exact: String { rendered(\.exact) }
}

extension FieldValue: CustomStringConvertible {
  /// The value for people, in one line: a scalar's `display`, `[a, b]`, `{key: value}`.
  public var description: String { rendered(\.display) }
}

extension FieldValue: Hashable {
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.scalar(let first), .scalar(let second)): return first == second
    case (.sequence(let first), .sequence(let second)): return first == second
    case (.mapping(let first), .mapping(let second)):
      guard first.count == second.count else { return false }
      if zip(first, second).allSatisfy({ $0.key.isExactly($1.key) }) {
        return zip(first, second).allSatisfy { $0.value == $1.value }
      }
      let values = Dictionary(second.map { (ExactText($0.key), $0.value) }) { first, _ in first }
      return first.allSatisfy { values[ExactText($0.key)] == $0.value }
    default: return false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .scalar(let scalar): hasher.combine(scalar)
    case .sequence(let values): hasher.combine(values)
    case .mapping(let entries):
      var sum = 0
      for entry in entries {
        var own = Hasher()
        entry.key.hashExactly(into: &own)
        own.combine(entry.value)
        sum &+= own.finalize()
      }
      hasher.combine(sum)
    }
  }
}

extension FieldValue: Codable {
  /// As one string, the value's `exact` text.
  public func encode(to encoder: any Encoder) throws { try exact.encode(to: encoder) }

  public init(from decoder: any Decoder) throws {
    let text = try String(from: decoder)
    let limits = Limits(bytes: 1 << 30, depth: 1_000, nodes: 1 << 28)
    guard let document = try Document.parse(Array(text.utf8), as: .yaml, limits: limits).first else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "an empty field value"))
    }
    self.init(document.root)
  }
}
