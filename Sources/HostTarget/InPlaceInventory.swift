import MooringModel

/// What one environment put into a root: files and links with what they hold, and the folders that it made.
struct InPlaceInventory: Sendable, Codable, Hashable {
  struct Item: Sendable, Codable, Hashable {
    var path: RelativePath
    var entry: InPlaceEntry
  }

  static let version = 1

  var version = Self.version
  var release: ReleaseDigest
  /// Sorted by path.
  var items: [Item]
}

/// An inventory's items as the folders that they lie in.
struct InPlaceBranch: Sendable {
  /// `nil` of a folder that others made.
  var entry: InPlaceEntry?
  var children: [FileName: InPlaceBranch] = [:]

  init(_ items: [InPlaceInventory.Item] = []) {
    for item in items { insert(item.entry, at: item.path.names[...]) }
  }

  private mutating func insert(_ entry: InPlaceEntry, at path: ArraySlice<FileName>) {
    guard let name = path.first else {
      self.entry = entry
      return
    }
    children[name, default: InPlaceBranch()].insert(entry, at: path.dropFirst())
  }

  /// Whether there is a file or link here or below.
  var holdsFiles: Bool {
    if let entry, entry.kind != .folder { return true }
    return children.values.contains { $0.holdsFiles }
  }

  /// The first path at or below this one that another environment's inventory has too, folders not counted.
  func overlap(with other: InPlaceBranch, at path: [FileName] = []) -> [FileName]? {
    let isLeaf = entry.map { $0.kind != .folder } ?? false
    let isOtherLeaf = other.entry.map { $0.kind != .folder } ?? false
    if isLeaf || isOtherLeaf { return holdsFiles && other.holdsFiles ? path : nil }
    for (name, child) in children.sorted(by: { $0.key < $1.key }) {
      guard let theirs = other.children[name] else { continue }
      if let found = child.overlap(with: theirs, at: path + [name]) { return found }
    }
    return nil
  }
}

extension RelativePath {
  var names: [FileName] { string.utf8.split(separator: UInt8(ascii: "/")).map { FileName($0) } }
}
