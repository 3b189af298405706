extension ArenaBuilder {
  /// Refuses duplicate keys, and marks the mapping when it has a merge key.
  mutating func checkKeys(_ children: ArraySlice<Int32>, of mapping: Int) throws(ReadingProblem) {
    let keys = stride(from: children.startIndex, to: children.endIndex, by: 2).lazy.map { children[$0] }
    if let again = children.count <= 32 ? firstDuplicateByPairs(children) : firstDuplicateBySet(Array(keys)) {
      throw ReadingProblem(
        .duplicateKey, "key \(Scalar.quoted(keyText(again))) appears twice in its mapping",
        at: Int(records[Int(again)].start), remedy: "keep one of them")
    }
    for position in stride(from: children.startIndex, to: children.endIndex - 1, by: 2) {
      let key = children[position]
      if isMergeKey(key) {
        try checkMerge(children[position + 1])
        setMerges(mapping)
      }
    }
  }

  private func checkMerge(_ value: Int32) throws(ReadingProblem) {
    let resolved = resolve(value)
    switch records[Int(resolved)].shape {
    case .mapping: return
    case .sequence:
      let run = Int(records[Int(resolved)].first)..<Int(records[Int(resolved)].first + records[Int(resolved)].count)
      if links[run].allSatisfy({ records[Int(resolve($0))].shape == .mapping }) { return }
    case .scalar, .alias: break
    }
    throw ReadingProblem(
      .syntax, "merge key << needs a mapping or a list of mappings", at: Int(records[Int(value)].start))
  }

  private func firstDuplicateByPairs(_ children: ArraySlice<Int32>) -> Int32? {
    var position = children.startIndex + 2
    while position < children.endIndex {
      var earlier = children.startIndex
      while earlier < position {
        if sameText(children[earlier], children[position]) { return children[position] }
        earlier += 2
      }
      position += 2
    }
    return nil
  }

  private func firstDuplicateBySet(_ keys: [Int32]) -> Int32? {
    var seen = Set<ExactText>(minimumCapacity: keys.count)
    return keys.first { !seen.insert(ExactText(keyText($0))).inserted }
  }

  private func sameText(_ a: Int32, _ b: Int32) -> Bool {
    let counts = (records[Int(resolve(a))].count, records[Int(resolve(b))].count)
    guard counts.0 == counts.1 else { return false }
    return withText(of: a) { first in withText(of: b) { first.elementsEqual($0) } }
  }

  private func keyText(_ key: Int32) -> String {
    withText(of: key) { String(decoding: $0, as: UTF8.self) }
  }
}
