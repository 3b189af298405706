import MooringModel

/// A branch whose commits are three fields of configuration, and merges are made field by field.
struct SimulatedBranch {
  struct Commit {
    var id: Revision
    var parent: Revision?
    var fields: [Int]
  }

  private(set) var commits: [Revision: Commit] = [:]
  var remote: Revision
  var fetched: Revision
  private var count = 0

  init() {
    remote = content(0)
    fetched = remote
    remote = commit([1, 1, 1], on: nil)
    fetched = remote
  }

  /// A release is good when no field has a bad value.
  static func isGood(_ fields: [Int]) -> Bool { fields.allSatisfy { $0 % 4 != 0 } }
  static func digest(of fields: [Int]) -> ReleaseDigest {
    numbered(fields.reduce(1) { $0 << 8 | $1 }, kind: 0xD)
  }

  private static func numbered(_ number: Int, kind: UInt8) -> ContentID {
    let bytes = [UInt8](repeating: kind, count: 12) + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    guard let id = ContentID(bytes: bytes) else { preconditionFailure("20 bytes") }
    return id
  }

  mutating func commit(_ fields: [Int], on parent: Revision?) -> Revision {
    count += 1
    let id = Self.numbered(count, kind: 0xC)
    commits[id] = Commit(id: id, parent: parent, fields: fields)
    return id
  }

  func fields(_ id: Revision) -> [Int] { commits[id]?.fields ?? [] }

  /// From the tip to the first commit.
  func history(of tip: Revision) -> [Revision] {
    Array(sequence(first: tip) { commits[$0]?.parent })
  }

  func isAncestor(_ anchor: Revision, of tip: Revision) -> Bool {
    sequence(first: tip) { commits[$0]?.parent }.contains(anchor)
  }

  /// Commits that changed something, after the last one that `anchor` has too, oldest first.
  func changes(of tip: Revision, since anchor: Revision?) -> [Revision] {
    let new: [Revision]
    if let anchor, isAncestor(anchor, of: tip) {
      new = Array(sequence(first: tip) { commits[$0]?.parent }.prefix { $0 != anchor })
    } else {
      let known = Set(anchor.map { history(of: $0) } ?? [])
      new = Array(history(of: tip).prefix { !known.contains($0) })
    }
    return new.filter { id in
      commits[id]?.parent.map { fields($0) != fields(id) } ?? true
    }.reversed()
  }

  /// Owed reverts on a tip; `nil` where they conflict.
  mutating func replay(_ owed: [OwedRevert], on tip: Revision) -> [Revision]? {
    var base = tip
    var landed: [Revision] = []
    for revert in owed {
      guard let made = commits[revert.revert.commit], let parent = made.parent else { return nil }
      if parent == base {
        base = made.id
      } else {
        var merged: [Int] = []
        for (ours, (before, after)) in zip(fields(base), zip(fields(parent), made.fields)) {
          guard ours == before || before == after || ours == after else { return nil }
          merged.append(ours == before ? after : ours)
        }
        if merged != fields(base) { base = commit(merged, on: base) }
      }
      landed.append(base)
    }
    return landed
  }
}
