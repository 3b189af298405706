/// Keeps an edit from changing fields that it doesn't name: those that share a node by YAML's anchors.
enum EditSharing {
  static func throughAlias(_ node: Node) -> EditProblem {
    EditProblem(
      .shared, "the value comes from the alias *\(node.anchor ?? ""), whose anchor stands in line \(line(of: node))",
      at: node.byteRange.lowerBound, remedy: "edit it at the anchor, or write the value out here first")
  }

  /// Refuses a step below an alias or a merge key, and one that other fields would see.
  static func check(_ site: EditSite) throws(EditProblem) {
    for (container, component) in zip(site.ancestors, site.path) {
      if container.isAlias { throw throughAlias(container) }
      if case .key(let key) = component { try checkMerge(container, key, site) }
    }
    if let target = site.target {
      if target.isAlias, !site.isRemoval { throw throughAlias(target) }
    }
    try checkUses(site)
  }

  private static func checkMerge(_ mapping: Node, _ key: String, _ site: EditSite) throws(EditProblem) {
    guard let merged = mapping.mergedMappings.lazy.compactMap({ $0.entry(key) }).first else { return }
    let isOwn = mapping.ownEntries.contains { !$0.isMerge && $0.key.isExactly(key) }
    guard !isOwn || site.isRemoval && mapping.position == site.container?.position else { return }
    throw EditProblem(
      .shared, "key \(Scalar.quoted(key)) comes from a merge key, and is written in line \(merged.keyMark.line)",
      at: mapping.byteRange.lowerBound, remedy: "edit it there, or write it out here first")
  }

  /// Refuses when an alias elsewhere stands for what changes.
  private static func checkUses(_ site: EditSite) throws(EditProblem) {
    let storage = site.root.storage
    guard !storage.anchors.isEmpty else { return }
    let changed = Set(site.ancestors.map(\.index))
    let own = site.target.map { storage.subtree(of: $0.position) } ?? 0..<0
    for (place, record) in storage.records.enumerated() where record.shape == .alias && !own.contains(Int32(place)) {
      guard changed.contains(record.first) || own.contains(record.first) else { continue }
      let use = storage.lines.place(of: Int(record.start), in: storage.source).line
      throw EditProblem(
        .shared, "the anchor &\(storage.anchors[record.first] ?? "") is also used in line \(use)",
        at: Int(storage.records[Int(record.first)].start), remedy: "write the value out where it is used first")
    }
  }

  private static func line(of node: Node) -> Int {
    node.storage.lines.place(of: Int(node.record.start), in: node.storage.source).line
  }
}

extension DocumentStorage {
  /// The records of a node and all below it; they stand one after the other.
  func subtree(of position: Int32) -> Range<Int32> {
    var last = position
    while records[Int(last)].shape == .mapping || records[Int(last)].shape == .sequence,
      let child = children(of: last).last
    {
      last = child
    }
    return position..<last + 1
  }
}
