/// One file, link or submodule that differs between two trees.
public struct TreeChange: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case added, changed, removed }

  public var rawPath: [UInt8]
  public var old: TreeEntry?
  public var new: TreeEntry?

  public init(rawPath: [UInt8], old: TreeEntry?, new: TreeEntry?) {
    self.rawPath = rawPath
    self.old = old
    self.new = new
  }

  /// The path with what isn't UTF-8 replaced.
  public var path: String { String(decoding: rawPath, as: UTF8.self) }

  public var kind: Kind {
    if old == nil { return .added }
    return new == nil ? .removed : .changed
  }
}

/// The differences between two trees in the order of their paths in Git's trees: never folders, only what is in them.
public struct TreeChanges: RandomAccessCollection, Hashable, Sendable {
  private var changes: [TreeChange]

  public init(_ changes: [TreeChange] = []) { self.changes = changes }

  public var startIndex: Int { changes.startIndex }
  public var endIndex: Int { changes.endIndex }
  public subscript(position: Int) -> TreeChange { changes[position] }
}
