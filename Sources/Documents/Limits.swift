/// What a document may cost at most; going over a limit is a `DocumentError` of kind `.limit`.
public struct Limits: Sendable, Hashable {
  /// Size of the source in bytes; never more than 1 GiB, whatever is set.
  public var bytes: Int
  /// Levels of nesting, also those reached through aliases; never more than 1,000, whatever is set.
  public var depth: Int
  /// Nodes (keys, scalars and containers) of all documents of one source together.
  public var nodes: Int
  /// Nodes that aliases and merge keys may stand for beyond those that are written out, in one document.
  public var aliasExpansion: Int
  /// Documents in one YAML stream.
  public var documents: Int

  public init(
    bytes: Int = 16 << 20, depth: Int = 100, nodes: Int = 1_000_000, aliasExpansion: Int = 100_000,
    documents: Int = 10_000
  ) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
    self.aliasExpansion = aliasExpansion
    self.documents = documents
  }

  /// 16 MiB, 100 levels, a million nodes, 100,000 nodes through aliases, 10,000 documents.
  public static let standard = Limits()

  /// The same, held within what 32-bit links and a thread's stack can bear.
  var bearable: Limits {
    var limits = self
    limits.bytes = min(bytes, 1 << 30)
    limits.depth = min(depth, 1_000)
    limits.nodes = min(nodes, 1 << 28)
    limits.aliasExpansion = min(aliasExpansion, 1 << 40)
    return limits
  }
}
