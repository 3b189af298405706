/// Where a node stands in its source.
public struct Mark: Sendable, Hashable {
  /// From 1.
  public let line: Int
  /// From 1, in Unicode scalars.
  public let column: Int
  /// The bytes of the node, with its YAML tag and anchor if it has them.
  public let byteRange: Range<Int>
}
