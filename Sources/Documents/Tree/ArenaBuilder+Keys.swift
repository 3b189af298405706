extension ArenaBuilder {
  /// Refuses duplicate keys, and marks the mapping when it has a merge key. `run` is where its links stand.
  mutating func checkKeys(_ run: Range<Int>, of mapping: Int) throws(ReadingProblem) {
    if let again = run.count <= 32 ? firstDuplicateByPairs(run) : firstDuplicateBySet(run) {
      throw ReadingProblem(
        .duplicateKey, "key \(Scalar.quoted(keyText(again))) appears twice in its mapping",
        at: Int(records[Int(again)].start), remedy: "keep one of them")
    }
    for place in stride(from: run.lowerBound, to: run.upperBound - 1, by: 2) where isMergeKey(links[place]) {
      try checkMerge(links[place + 1])
      setMerges(mapping)
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

  private func firstDuplicateByPairs(_ run: Range<Int>) -> Int32? {
    for place in stride(from: run.lowerBound, to: run.upperBound, by: 2) {
      for earlier in stride(from: run.lowerBound, to: place, by: 2) where sameText(links[earlier], links[place]) {
        return links[place]
      }
    }
    return nil
  }

  private func firstDuplicateBySet(_ run: Range<Int>) -> Int32? {
    var seen = Set<ExactText>(minimumCapacity: run.count / 2)
    for place in stride(from: run.lowerBound, to: run.upperBound, by: 2)
    where !seen.insert(ExactText(keyText(links[place]))).inserted {
      return links[place]
    }
    return nil
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
