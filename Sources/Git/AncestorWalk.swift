/// Commits of this repository that a remote may know as well, the youngest first: from what its references reach on to
/// their ancestors, as they are asked for. What isn't here or can't be read ends a line of history, and nothing else.
package struct AncestorWalk: Sendable {
  private struct Entry: Sendable {
    let id: ObjectID
    let time: Int64
    let parents: [ObjectID]
  }

  private let repository: Repository
  /// Commits whose parents are not followed.
  private let borders: Set<ObjectID>
  /// A heap whose first is the youngest.
  private var queue: [Entry] = []
  private var seen: Set<ObjectID> = []
  private var common: Set<ObjectID> = []

  package init(in repository: Repository, from tips: [ObjectID], borders: Set<ObjectID> = []) {
    self.repository = repository
    self.borders = borders
    for tip in tips { if let commit = Self.commit(below: tip, in: repository) { push(commit) } }
  }

  /// The next commit, but for those that are ancestors of what is known to be common.
  package mutating func next() -> ObjectID? {
    while let entry = pop() {
      let isCommon = common.contains(entry.id)
      for parent in borders.contains(entry.id) ? [] : entry.parents {
        if isCommon { common.insert(parent) }
        push(parent)
      }
      if !isCommon { return entry.id }
    }
    return nil
  }

  /// The remote has this commit, and so all its ancestors.
  package mutating func markCommon(_ id: ObjectID) {
    common.insert(id)
    guard !borders.contains(id), let links = try? repository.decode(id, as: .commit, Commit.links(decoding:)) else {
      return  // what can't be read leads nowhere
    }
    common.formUnion(links.parents)
  }

  private mutating func push(_ id: ObjectID) {
    guard seen.insert(id).inserted, let commit = try? repository.commit(id) else { return }
    queue.append(Entry(id: id, time: commit.committer.seconds, parents: commit.parents))
    var child = queue.count - 1
    while child > 0, queue[child].time > queue[(child - 1) / 2].time {
      queue.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> Entry? {
    guard let top = queue.first, let last = queue.popLast() else { return nil }
    guard !queue.isEmpty else { return top }
    queue[0] = last
    var parent = 0
    while 2 * parent + 1 < queue.count {
      let children = (2 * parent + 1)..<min(2 * parent + 3, queue.count)
      guard let larger = children.max(by: { queue[$0].time < queue[$1].time }), queue[larger].time > queue[parent].time
      else { break }
      queue.swapAt(larger, parent)
      parent = larger
    }
    return top
  }

  /// What an annotated tag is about, through tags of tags; nil when that is no commit.
  private static func commit(below id: ObjectID, in repository: Repository) -> ObjectID? {
    var id = id
    for _ in 0..<16 {
      guard let kind = try? repository.kind(of: id) else { return nil }
      guard kind == .tag else { return kind == .commit ? id : nil }
      guard let target = try? repository.decode(id, as: .tag, Tag.target(decoding:)) else { return nil }
      id = target
    }
    return nil
  }
}
