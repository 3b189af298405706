extension Node {
  /// A mapping's key and its value.
  public struct Entry: Sendable {
    public let keyNode: Node
    public let value: Node

    public var key: String { keyNode.text }
    public var keyMark: Mark { keyNode.mark }
  }

  /// The entries of a mapping in the order of the source; those that YAML's merge key `<<` brings in follow the
  /// mapping's own, and never replace one. Empty for everything else.
  public var entries: [Entry] {
    guard kind == .mapping else { return [] }
    let own = ownEntries
    guard record.flags.contains(.merges) else { return own }
    var result: [Entry] = []
    var seen = Set<ExactText>()
    for entry in own where !entry.isMerge {
      seen.insert(ExactText(entry.key))
      result.append(entry)
    }
    for entry in mergedMappings.flatMap(\.entries) where seen.insert(ExactText(entry.key)).inserted {
      result.append(entry)
    }
    return result
  }

  /// The value of a key; linear in the size of the mapping.
  public subscript(key: String) -> Node? { entry(key)?.value }

  /// The entry of a key, for its place.
  public func entry(_ key: String) -> Entry? {
    guard kind == .mapping else { return nil }
    let merges = record.flags.contains(.merges)
    let children = storage.children(of: index)
    for position in stride(from: children.startIndex, to: children.endIndex - 1, by: 2) {
      let candidate = storage.resolve(children[position])
      guard storage.records[Int(candidate)].count == key.utf8.count else { continue }
      if storage.withText(of: candidate, { $0.elementsEqual(key.utf8) }) {
        let entry = Entry(
          keyNode: Node(storage, children[position]), value: Node(storage, children[position + 1]))
        if !(merges && entry.isMerge) { return entry }
      }
    }
    return merges ? mergedMappings.lazy.compactMap { $0.entry(key) }.first : nil
  }

  /// The element of a sequence, or nil outside it.
  public subscript(index position: Int) -> Node? {
    guard kind == .sequence, position >= 0 else { return nil }
    let children = storage.children(of: index)
    return position < children.count ? Node(storage, children[children.startIndex + position]) : nil
  }

  /// The entries that are written out in a mapping itself, its merge keys among them.
  var ownEntries: [Entry] {
    let children = storage.children(of: index)
    return stride(from: children.startIndex, to: children.endIndex - 1, by: 2).map {
      Entry(keyNode: Node(storage, children[$0]), value: Node(storage, children[$0 + 1]))
    }
  }

  /// What the merge keys of a mapping bring in, first come first.
  var mergedMappings: [Node] {
    ownEntries.filter(\.isMerge).flatMap { $0.value.kind == .sequence ? $0.value.elements : [$0.value] }
  }
}

extension Node.Entry {
  /// Whether the key is YAML's `<<`.
  var isMerge: Bool {
    !keyNode.isAlias && keyNode.style == .plain && keyNode.tag == nil && keyNode.record.count == 2 && key == "<<"
  }
}
