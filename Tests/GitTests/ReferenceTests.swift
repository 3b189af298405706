import Git
import Glibc
import MooringTestSupport
import Testing

@Suite struct ReferenceTests {
  @Test("exact names are read, through symbolic references, loose or packed")
  func reading() throws {
    let fixture = try GitFixture()
    let first = try fixture.commit("1")
    try fixture.git("update-ref", "refs/mooring/journal/production", first.hex)
    try fixture.git("update-ref", "refs/heads/deep/er", first.hex)
    try fixture.git("symbolic-ref", "refs/heads/dangling", "refs/heads/nowhere")
    try fixture.git("pack-refs", "--all")
    let second = try fixture.commit("2")
    let repository = try fixture.open()
    #expect(try repository.reference("HEAD") == second)
    #expect(try repository.reference("refs/heads/main") == second)
    #expect(try repository.reference("refs/mooring/journal/production") == first)
    #expect(try repository.reference("refs/heads/absent") == nil)
    #expect(try repository.reference("refs/heads/dangling") == nil)
    let heads = try repository.references(prefix: "refs/heads/")
    #expect(heads.map(\.name) == ["refs/heads/deep/er", "refs/heads/main"])
    #expect(heads.map(\.id) == [first, second])
    #expect(try repository.references(prefix: "refs/").count == 3)
    #expect(try repository.references(prefix: "refs/none/").isEmpty)
    #expect(try repository.references(prefix: "refs/*/").isEmpty)
  }

  @Test(
    "revision syntax, options and abbreviations are not names of references",
    arguments: [
      ":/pattern", "--upload-pack=x", "main", "HEAD~1", "refs/heads/main^{tree}", "refs/heads/../main", "", "@{u}",
      "refs/heads/a b", "refs/heads/x.lock", "refs/heads/main\0x", "refs/heads//main", "/refs/heads/main",
    ])
  func badNames(name: String) throws {
    let fixture = try GitFixture()
    let id = try fixture.commit("pattern")
    let repository = try fixture.open()
    #expect(#expect(throws: GitError.self) { try repository.reference(name) }?.code == .invalid)
    #expect(throws: GitError.self) { try repository.setReference(name, to: id, expecting: nil, log: "") }
    #expect(throws: GitError.self) { try repository.deleteReference(name, expecting: id) }
  }

  @Test("a reference moves only from where it is expected to be", arguments: [false, true])
  func swap(packed: Bool) throws {
    let fixture = try GitFixture()
    let first = try fixture.commit("1")
    let second = try fixture.commit("2")
    let repository = try fixture.open()
    let name = "refs/mooring/journal/staging"
    try repository.setReference(name, to: first, expecting: nil, log: "made")
    if packed { try fixture.git("pack-refs", "--all") }
    func code(_ body: () throws -> Void) -> GitError.Code? { #expect(throws: GitError.self, performing: body)?.code }
    #expect(code { try repository.setReference(name, to: second, expecting: nil, log: "") } == .conflict)
    #expect(code { try repository.setReference(name, to: second, expecting: second, log: "") } == .conflict)
    #expect(try fixture.id(name) == first)
    try repository.setReference(name, to: second, expecting: first, log: "moved")
    #expect(try fixture.id(name) == second)
    #expect(code { try repository.deleteReference(name, expecting: first) } == .conflict)
    try repository.forceReference(name, to: first, log: "forced")
    try repository.deleteReference(name, expecting: first)
    #expect(try repository.reference(name) == nil)
    #expect(code { try repository.deleteReference(name, expecting: first) } == .conflict)
    #expect(code { try repository.setReference(name, to: .zero, expecting: nil, log: "") } == .notFound)
    #expect(code { try repository.setReference("HEAD", to: first, expecting: first, log: "") } == .invalid)
  }

  @Test("a reference in the way of another's folder is a conflict", arguments: [false, true])
  func inTheWay(packed: Bool) throws {
    let fixture = try GitFixture()
    let id = try fixture.commit("1")
    try fixture.git("update-ref", "refs/heads/a/b", id.hex)
    if packed { try fixture.git("pack-refs", "--all") }
    let repository = try fixture.open()
    for name in ["refs/heads/a", "refs/heads/a/b/c"] {
      #expect(throws: GitError.self) { try repository.setReference(name, to: id, expecting: nil, log: "") }
    }
    #expect(try fixture.git("for-each-ref", "--format=%(refname)") == "refs/heads/a/b\nrefs/heads/main")
  }

  @Test("of many who create or move a reference at once, exactly one wins each time")
  func race() async throws {
    let fixture = try GitFixture()
    let start = try fixture.commit("start")
    let rivals = try (0..<6).map { try fixture.commit("rival \($0)") }
    let path = fixture.gitPath
    for expected in [nil, start] {
      let name = "refs/heads/contended"
      if let expected { try fixture.open().forceReference(name, to: expected, log: "") }
      let wins = await withTaskGroup(of: ObjectID?.self) { group in
        for rival in rivals {
          group.addTask {
            do {
              try Repository.open(bareAt: path).setReference(name, to: rival, expecting: expected, log: "")
              return rival
            } catch {
              return nil
            }
          }
        }
        return await group.reduce(into: [ObjectID]()) { all, one in if let one { all.append(one) } }
      }
      #expect(wins.count == 1)
      #expect(try wins == [fixture.id(name)])
    }
  }

  @Test("a lock that a killed process left in a repository of ours is taken away")
  func leftLock() throws {
    let fixture = try GitFixture()
    let (old, new) = (try fixture.commit("1"), try fixture.commit("2"))
    try fixture.git("update-ref", "refs/mooring/it", old.hex)
    try fixture.write([".git/refs/mooring/it.lock": ""])
    let repository = try fixture.open()
    try repository.setReference("refs/mooring/it", to: new, expecting: old, log: "")
    #expect(try repository.reference("refs/mooring/it") == new)
    #expect(access(fixture.gitPath + "/refs/mooring/it.lock", F_OK) != 0)
  }

  @Test("a reference that is empty after a power failure is forgotten when it is said to be torn")
  func torn() throws {
    let fixture = try GitFixture()
    let id = try fixture.commit("1")
    try fixture.write([".git/refs/mooring/torn": ""])
    let repository = try fixture.open()
    #expect(throws: GitError.self) { try repository.reference("refs/mooring/torn") }
    try repository.removeTornReference("refs/mooring/torn")
    #expect(try repository.reference("refs/mooring/torn") == nil)
    try repository.removeTornReference("refs/heads/main")
    #expect(try repository.reference("refs/heads/main") == id)
  }

  @Test("many references move at once, wherever they were, and Git sees them", arguments: [3, 20])
  func many(count: Int) throws {
    let fixture = try GitFixture()
    let (old, new) = (try fixture.commit("1"), try fixture.commit("2"))
    let names = (0..<count).map { "refs/mooring/journal/\($0)" }
    for name in names.prefix(2) { try fixture.git("update-ref", name, old.hex) }
    try fixture.git("pack-refs", "--all")
    for name in names[1..<3] { try fixture.git("update-ref", name, old.hex) }
    let repository = try fixture.open()
    try repository.forceReferences(names.map { ($0, new) }, log: "many")
    #expect(try repository.references(prefix: "refs/mooring/").map(\.id) == Array(repeating: new, count: count))
    let seen = try fixture.git("for-each-ref", "--format=%(objectname)", "refs/mooring").split(separator: "\n")
    #expect(seen == Array(repeating: new.hex[...], count: count))
    #expect(try fixture.git("fsck", "--strict") == "")
  }

  @Test("of many references one that can't move stops those after it")
  func manyStopped() throws {
    let fixture = try GitFixture()
    let id = try fixture.commit("1")
    let repository = try fixture.open()
    let names = (0..<9).map { "refs/mooring/journal/\($0)" }
    func code(_ name: String, _ id: ObjectID) -> GitError.Code? {
      #expect(throws: GitError.self) {
        try repository.forceReferences(names.map { ($0, id) } + [(name, id), ("refs/mooring/last", id)], log: "")
      }?.code
    }
    #expect(code("refs/heads/main/below", id) == .conflict)
    #expect(code("refs/../main", id) == .invalid)
    #expect(code("refs/mooring/absent", .zero) == .notFound)
    #expect(try repository.references(prefix: "refs/mooring/journal/").count == names.count)
    #expect(try fixture.git("fsck", "--strict") == "")
  }

  @Test("Git sees what we wrote, and we see at once what Git writes")
  func together() throws {
    let fixture = try GitFixture()
    let id = try fixture.commit("1")
    let repository = try fixture.open()
    try repository.setReference("refs/heads/topic", to: id, expecting: nil, log: "topic")
    #expect(try fixture.git("fsck", "--strict") == "")
    try fixture.git("branch", "-q", "-D", "topic")
    #expect(try repository.reference("refs/heads/topic") == nil)
    let later = try fixture.commit("2", files: ["a": "1"])
    try fixture.git("gc", "-q")
    #expect(try repository.reference("refs/heads/main") == later)
    #expect(try repository.commit(later).summary == "2")
  }
}
