/// Which local references a fetch will set, and to what.
package struct FetchPlan: Sendable {
  package struct Move: Hashable, Sendable {
    package var source: String
    package var name: String
    package var id: ObjectID
    package var allowsForce: Bool
  }

  package private(set) var moves: [Move] = []
  package private(set) var missing: [String] = []

  /// - Parameters:
  ///   - heads: The remote's references by name, without HEAD.
  ///   - head: Where its HEAD leads.
  /// - Throws: `invalid` when two of them would become one local reference.
  package init(heads: [(name: String, id: ObjectID)], head: ObjectID?, specs: [Refspec]) throws(GitError) {
    var all = heads
    if let head { all.append(("HEAD", head)) }
    var taken: [String: Move] = [:]
    for spec in specs {
      if let source = spec.exactSource, !all.contains(where: { $0.name == source }) { missing.append(source) }
      for (source, id) in all {
        guard let name = spec.destination(of: source) else { continue }
        let move = Move(source: source, name: name, id: id, allowsForce: spec.allowsForce)
        if let other = taken[name] {
          guard other.id != id else { continue }
          let reason = "\(other.source) and \(source) would both become \(name)"
          throw GitError(.invalid, reason, operation: "plan the fetch")
        }
        taken[name] = move
        moves.append(move)
      }
    }
  }
}
