/// The way from a document's root to a field: `spec.template.spec.containers[name=web].image`, `hosts[3]`,
/// `metadata.labels["app.kubernetes.io/name"]`. The root is the empty path.
///
/// Paths compare byte for byte, and sort component by component.
public struct FieldPath: Sendable, Hashable {
  public enum Component: Sendable {
    /// A mapping's key.
    case key(String)
    /// An element of a list by its position, from 0.
    case index(Int)
    /// The element of a list whose field `key` has the text `value`. Several fields that identify an element together
    /// are joined by commas, and so are their values: `[containerPort,protocol=53,UDP]`.
    case element(key: String, value: String)
  }

  public var components: [Component]

  public init(_ components: [Component] = []) { self.components = components }

  /// A path of keys.
  public init(keys: String...) { components = keys.map(Component.key) }

  public static let root = FieldPath()

  public func appending(_ component: Component) -> FieldPath { FieldPath(components + [component]) }

  public func appending(key: String) -> FieldPath { appending(.key(key)) }

  /// The name of the field that holds a list at this path.
  var lastKey: String? {
    if case .key(let name)? = components.last { name } else { nil }
  }

  /// Whether this path is `other` or lies below it.
  public func isInside(_ other: FieldPath) -> Bool { components.starts(with: other.components) }
}

extension FieldPath.Component: Hashable {
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.key(let first), .key(let second)): first.isExactly(second)
    case (.index(let first), .index(let second)): first == second
    case (.element(let firstKey, let first), .element(let secondKey, let second)):
      firstKey.isExactly(secondKey) && first.isExactly(second)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .key(let key): key.hashExactly(into: &hasher)
    case .index(let index): hasher.combine(index)
    case .element(let key, let value):
      key.hashExactly(into: &hasher)
      value.hashExactly(into: &hasher)
    }
  }
}

extension FieldPath.Component: Comparable {
  /// Keys by their bytes, then positions, then elements.
  public static func < (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.key(let first), .key(let second)): first.precedesExactly(second)
    case (.index(let first), .index(let second)): first < second
    case (.element(let firstKey, let first), .element(let secondKey, let second)):
      firstKey.isExactly(secondKey) ? first.precedesExactly(second) : firstKey.precedesExactly(secondKey)
    default: a.rank < b.rank
    }
  }

  private var rank: Int {
    switch self {
    case .key: 0
    case .index: 1
    case .element: 2
    }
  }
}

extension FieldPath: Comparable {
  public static func < (a: Self, b: Self) -> Bool { a.components.lexicographicallyPrecedes(b.components) }
}

extension FieldPath: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: String(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try description.encode(to: encoder)
  }
}

extension FieldPath: CustomStringConvertible {
  /// The path as `init(parsing:)` reads it.
  public var description: String {
    components.reduce(into: "") { $0 = Self.path($0, below: $1) }
  }

  /// A path's text with a component after it.
  static func path(_ path: String, below component: Component) -> String {
    switch component {
    case .key(let key) where FieldPathParser.isBare(key): path.isEmpty ? key : path + "." + key
    case .key(let key): path + "[\(Scalar.quoted(key))]"
    case .index(let index): path + "[\(index)]"
    case .element(let key, let value): path + "[\(part(key))=\(part(value))]"
    }
  }

  private static func part(_ text: String) -> String {
    FieldPathParser.isBareInBrackets(text) ? text : Scalar.quoted(text)
  }
}
