/// Which folders are watched, and where they are by now. Nothing is kept of files.
///
/// One folder may be at two places for a moment, when it is moved while it is listed, or for long, by a bind mount.
struct FolderTree {
  private struct Node {
    var parent: Int
    var name: FileName
    var key: FolderKey
    var children: [FileName: Int] = [:]
  }

  private var nodes: [Node?] = []
  private var free: [Int] = []
  private var places: [FolderKey: [Int]] = [:]

  var keys: Set<FolderKey> { Set(places.keys) }
  var count: Int { nodes.count - free.count }

  /// Where a folder is: its paths from the root, of no component for the root itself.
  func paths(of key: FolderKey) -> [[FileName]] { (places[key] ?? []).map { path(of: $0) } }

  func key(at path: [FileName]) -> FolderKey? { node(at: path[...]).flatMap { nodes[$0]?.key } }

  /// Adds a folder, of which the parent must be there unless it is the root.
  mutating func insert(_ key: FolderKey, at path: [FileName]) {
    guard let name = path.last else { return add(Node(parent: -1, name: ".", key: key)) }
    guard let parent = node(at: path.dropLast()) else { return }
    let place = free.last ?? nodes.count
    add(Node(parent: parent, name: name, key: key))
    nodes[parent]?.children[name] = place
  }

  private mutating func add(_ node: Node) {
    let place = free.popLast() ?? nodes.count
    if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
    places[node.key, default: []].append(place)
  }

  /// Removes a folder and those below it.
  ///
  /// - Returns: The keys that are nowhere any more.
  mutating func remove(_ path: [FileName]) -> [FolderKey] {
    guard let place = node(at: path[...]) else { return [] }
    if path.isEmpty {
      defer { self = FolderTree() }
      return Array(places.keys)
    }
    if let name = path.last, let parent = nodes[place]?.parent { nodes[parent]?.children[name] = nil }
    var (left, gone) = ([place], [FolderKey]())
    while let next = left.popLast() {
      guard let node = nodes[next] else { continue }
      left += node.children.values
      nodes[next] = nil
      free.append(next)
      places[node.key]?.removeAll { $0 == next }
      if places[node.key]?.isEmpty ?? false {
        places[node.key] = nil
        gone.append(node.key)
      }
    }
    return gone
  }

  private func node(at path: ArraySlice<FileName>) -> Int? {
    // The root is the first that is added, and so has the first place.
    guard var place = nodes.first?.map({ _ in 0 }) else { return nil }
    for name in path {
      guard let next = nodes[place]?.children[name] else { return nil }
      place = next
    }
    return place
  }

  private func path(of place: Int) -> [FileName] {
    var (names, next) = ([FileName](), place)
    while let node = nodes[next], node.parent >= 0 {
      names.append(node.name)
      next = node.parent
    }
    return names.reversed()
  }
}
