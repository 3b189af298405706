import Foundation
@testable import Git
import MooringTestSupport
import Testing

@Suite struct PushTests {
  /// A bare remote with one commit on main, and a clone of it with one commit more.
  private func pair() throws -> (remote: GitFixture, local: GitFixture, old: ObjectID, new: ObjectID) {
    let local = try GitFixture()
    let old = try local.commit("base", files: ["a": "1", "b/c": "1"])
    let remote = try GitFixture(cloning: local)
    let new = try local.commit("next", files: ["b/c": "2"])
    return (remote, local, old, new)
  }

  private let main = "refs/heads/main"

  @Test("a push moves the reference after everything that it needs, and can be repeated")
  func push() throws {
    let (remote, local, old, new) = try pair()
    let updates = [
      PushUpdate(local: new, name: main, expecting: old),
      PushUpdate(local: new, name: "refs/mooring/journal/production", expecting: nil),
    ]
    for _ in 0..<2 {
      let outcome = try Remote.push(from: local.open(), to: remote.path, updates: updates)
      #expect(outcome.results.map(\.result) == [.pushed, .pushed])
      #expect(outcome.isComplete)
    }
    #expect(try remote.id(main) == new)
    #expect(try remote.id("refs/mooring/journal/production") == new)
    #expect(try remote.git("fsck", "--full", "--strict").isEmpty)
  }

  @Test("a folder that stands elsewhere in a second parent is not sent again")
  func standsElsewhere() throws {
    let local = try GitFixture()
    let files = (0..<50).map { ("environments/production/\($0 % 5)/\($0)", Optional("\($0)")) }
    let revision = try local.commit("release", files: Dictionary(uniqueKeysWithValues: files))
    let remote = try GitFixture(cloning: local)
    let repository = try local.open()
    let rendered = try #require(try repository.entry(at: "environments/production", in: revision))
    let signature = Signature(name: "A", email: "a@b", seconds: 1)
    func commit(_ tree: [TreeEntry], _ parents: [ObjectID]) throws -> ObjectID {
      try repository.createCommit(
        tree: repository.writeTree(tree), parents: parents, author: signature, committer: signature, message: "m\n")
    }
    let first = try commit([], [])
    let event = try commit([TreeEntry(name: "rendered", mode: .directory, id: rendered.id)], [first, revision])
    let before = try objectCount(remote)
    let journal = "refs/mooring/journal/production"
    let outcome = try Remote.push(
      from: repository, to: remote.path, updates: [PushUpdate(local: event, name: journal, expecting: nil)])
    #expect(outcome.isComplete)
    #expect(try objectCount(remote) == before + 4)
    #expect(try remote.git("fsck", "--full", "--strict").isEmpty)
    #expect(try remote.git("ls-tree", "-r", "\(journal):rendered").split(separator: "\n").count == 50)
  }

  private func objectCount(_ fixture: GitFixture) throws -> Int {
    try fixture.git("cat-file", "--batch-check", "--batch-all-objects").split(separator: "\n").count
  }

  @Test("a push into an empty repository makes its first branch")
  func first() throws {
    let (_, local, _, new) = try pair()
    let remote = try GitFixture(bare: true)
    let outcome = try Remote.push(
      from: local.open(), to: "file://" + remote.path, updates: [PushUpdate(local: new, name: main, expecting: nil)])
    #expect(outcome.isComplete)
    #expect(try remote.git("rev-list", "--objects", "main") == local.git("rev-list", "--objects", "main"))
  }

  @Test("a push that is late says where the reference is, and changes nothing")
  func moved() throws {
    let (remote, local, old, new) = try pair()
    let theirs = try local.git("commit-tree", "\(old)^{tree}", "-p", old.hex, "-m", "theirs")
    try local.git("push", "-q", remote.path, "\(theirs):main")
    let outcome = try Remote.push(
      from: local.open(), to: remote.path, updates: [PushUpdate(local: new, name: main, expecting: old)])
    #expect(try outcome.results.map(\.result) == [.moved(remote.id(main))])
    #expect(try remote.id(main).hex == theirs)
    let unknown = try Remote.push(
      from: local.open(), to: remote.path, updates: [PushUpdate(local: new, name: main, expecting: nil)])
    #expect(try unknown.results.map(\.result) == [.moved(remote.id(main))])
    try remote.git("update-ref", "-d", main)
    let gone = try Remote.push(
      from: local.open(), to: remote.path, updates: [PushUpdate(local: new, name: main, expecting: old)])
    #expect(gone.results.map(\.result) == [.moved(nil)])
  }

  @Test("a push to a repository that is moved away meanwhile says so, and doesn't claim to have landed")
  func movedAway() throws {
    let (remote, local, old, new) = try pair()
    func moveAway() {
      #expect(throws: Never.self) {
        try FileManager.default.moveItem(atPath: remote.path, toPath: remote.path + ".gone")
        try FileManager.default.createDirectory(atPath: remote.path, withIntermediateDirectories: false)
      }
    }
    let error = #expect(throws: GitError.self) {
      try Remote.push(
        from: local.open(), to: remote.path, updates: [PushUpdate(local: new, name: main, expecting: old)],
        progress: { _ in }, beforeMoving: moveAway)
    }
    #expect(error?.description.contains("moved away or replaced") == true, "\(error as Any)")
    try FileManager.default.removeItem(atPath: remote.path)
    try FileManager.default.moveItem(atPath: remote.path + ".gone", toPath: remote.path)
    #expect(try remote.id(main) == old)
  }

  @Test("a push that lost the race between looking and moving says so and changes nothing")
  func race() throws {
    let (remote, local, old, new) = try pair()
    let theirs = try local.git("commit-tree", "\(old)^{tree}", "-p", old.hex, "-m", "theirs")
    try local.git("push", "-q", remote.path, "\(theirs):refs/heads/waiting")
    let updates = [
      PushUpdate(local: new, name: main, expecting: old),
      PushUpdate(local: new, name: "refs/heads/fresh", expecting: nil),
    ]
    let outcome = try Remote.push(from: local.open(), to: remote.path, updates: updates, progress: { _ in }) {
      #expect(throws: Never.self) {
        try remote.git("update-ref", main, theirs)
        try remote.git("update-ref", "refs/heads/fresh", theirs)
      }
    }
    let winner = try remote.id("refs/heads/waiting")
    #expect(outcome.results.map(\.result) == [.moved(winner), .moved(winner)])
    #expect(try remote.id(main) == winner)
    #expect(try remote.id("refs/heads/fresh") == winner)
  }

  @Test("a push that would need force is refused, even where the remote is as expected")
  func notForced() throws {
    let (remote, local, old, _) = try pair()
    try local.git("checkout", "-q", "--orphan", "other")
    let other = try local.commit("unrelated", files: ["x": "1"])
    let outcome = try Remote.push(
      from: local.open(), to: remote.path, updates: [PushUpdate(local: other, name: main, expecting: old)])
    guard case .refused(let reason) = try #require(outcome.results.first).result else {
      Issue.record("it must be refused: \(outcome)")
      return
    }
    #expect(reason.contains("force"))
    #expect(try remote.id(main) == old)
  }

  @Test("what the remote can't take is refused by reference, and the rest goes on")
  func refused() throws {
    let (remote, local, old, new) = try pair()
    let updates =
      [PushUpdate(local: .zero, name: "refs/heads/absent", expecting: nil)]
      + ["main", "refs/heads/main/below"].map { PushUpdate(local: new, name: $0, expecting: nil) }
      + [PushUpdate(local: new, name: main, expecting: old)]
    let results = try Remote.push(from: local.open(), to: remote.path, updates: updates).results.map(\.result)
    #expect(results.last == .pushed)
    for result in results.dropLast() {
      guard case .refused = result else {
        Issue.record("it must be refused, not \(result)")
        continue
      }
    }
    #expect(try remote.git("for-each-ref", "--format=%(refname)") == main)
  }

  @Test("the branch that is checked out there is not moved under somebody's feet")
  func checkedOut() throws {
    let (_, local, old, new) = try pair()
    let other = try GitFixture()
    try other.git("pull", "-q", local.path, "main")
    try other.git("reset", "-q", "--hard", old.hex)
    let outcome = try Remote.push(
      from: local.open(), to: other.path, updates: [PushUpdate(local: new, name: main, expecting: old)])
    guard case .refused = try #require(outcome.results.first).result else {
      Issue.record("it must be refused")
      return
    }
    #expect(try other.id(main) == old)
  }

  @Test("a remote that is gone is an error, not a result")
  func gone() throws {
    let (_, local, old, new) = try pair()
    let error = #expect(throws: GitError.self) {
      try Remote.push(
        from: local.open(), to: "/nonexistent.git", updates: [PushUpdate(local: new, name: main, expecting: old)])
    }
    #expect(error?.code == .notFound)
  }
}
