/// One node of the arena, in 24 bytes.
struct NodeRecord: Sendable {
  enum Shape: UInt8 { case scalar, sequence, mapping, alias }

  enum ScalarType: UInt8 { case null, `true`, `false`, integer, float, string, date }

  struct Flags: OptionSet {
    let rawValue: UInt8
    /// The scalar's text is in the pool, since the source spells it with escapes, folds or quotes inside.
    static let pooled = Flags(rawValue: 1)
    /// The mapping has a YAML merge key.
    static let merges = Flags(rawValue: 2)
  }

  var shape: Shape
  var type: ScalarType = .string
  var style: NodeStyle
  var flags: Flags = []
  /// Bytes of the source.
  var start: Int32
  var end: Int32
  /// Scalar: its text, in the source or the pool. Container: its children in the links. Alias: its target, and 0.
  var first: Int32 = 0
  var count: Int32 = 0
  /// In the table of tags, or -1.
  var tag: Int32 = -1
}

/// How a node is written.
public enum NodeStyle: UInt8, Sendable, Hashable {
  /// Scalars: as it is; in single quotes; in double quotes; YAML's `|` and `>`, TOML's triple quotes.
  case plain, singleQuoted, doubleQuoted, literal, folded
  /// Containers: by lines; in brackets or braces.
  case block, flow
}

/// A scalar's text: bytes of the source or of the pool.
struct TextReference {
  var offset: Int
  var length: Int
  var pooled = false

  init(_ range: Range<Int>) {
    offset = range.lowerBound
    length = range.count
  }

  init(pool offset: Int, length: Int) {
    self.offset = offset
    self.length = length
    pooled = true
  }
}
