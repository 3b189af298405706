import Git
import MooringTestSupport
import Testing

@Suite struct MergeTests {
  @Test(
    "a revert gives the tree that git revert gives, or conflicts where it does", arguments: [1, 2, 3, 4] as [UInt64])
  func revert(seed: UInt64) throws {
    let fixture = try GitFixture()
    var files = RandomFiles(seed: seed)
    var commits: [ObjectID] = []
    for _ in 0..<14 { commits.append(try fixture.commit(files: files.change())) }
    let repository = try fixture.open()
    var clean = 0
    for commit in commits.dropFirst() {
      try fixture.git("reset", "-q", "--hard", "main")
      let git = try fixture.tryGit(["revert", "--no-commit", commit.hex])
      switch try repository.revert(commit, on: fixture.id("main"), mainline: nil) {
      case .tree(let tree):
        #expect(git.status == 0, "git saw a conflict in \(commit)")
        #expect(try tree.hex == fixture.git("write-tree"))
        clean += 1
      case .conflicts(let conflicts):
        #expect(git.status != 0, "git saw no conflict in \(commit): \(conflicts)")
      }
      try fixture.git("reset", "-q", "--hard", "main")
      _ = try fixture.tryGit(["revert", "--quit"])
    }
    #expect(clean > 0)
  }

  @Test("a merge gives the tree that git merge gives, or conflicts where it does", arguments: [5, 6, 7, 8] as [UInt64])
  func merge(seed: UInt64) throws {
    let fixture = try GitFixture()
    var files = RandomFiles(seed: seed)
    for _ in 0..<4 { try fixture.commit(files: files.change()) }
    let repository = try fixture.open()
    var outcomes: Set<Bool> = []
    for round in 0..<8 {
      let base = try fixture.id("main")
      let start = files.files
      try fixture.branch("ours\(round)", at: "main")
      let ours = try fixture.commit(files: files.change())
      files.restore(start)
      try fixture.branch("theirs\(round)", at: "main")
      let theirs = try fixture.commit(files: files.change())
      files.restore(start)
      try fixture.checkout("ours\(round)")
      let git = try fixture.tryGit(["merge-tree", "--write-tree", ours.hex, theirs.hex])
      switch try repository.merge(ours, theirs, base: base) {
      case .tree(let tree):
        #expect(git.status == 0)
        #expect(String(decoding: git.output.prefix(40), as: UTF8.self) == tree.hex)
      case .conflicts: #expect(git.status == 1)
      }
      outcomes.insert(git.status == 0)
    }
    #expect(outcomes.contains(true))
  }

  @Test("a conflict shows its three sides and the lines with markers")
  func conflict() throws {
    let fixture = try GitFixture()
    try fixture.commit(files: ["f": "a\nb\nc\n", "gone": "1\n"])
    let bad = try fixture.commit("Bad", files: ["f": "a\nX\nc\n", "gone": "2\n"])
    let head = try fixture.commit("Later", files: ["f": "a\nY\nc\n", "gone": nil])
    let repository = try fixture.open()
    guard case .conflicts(let conflicts) = try repository.revert(bad, on: head, mainline: nil) else {
      Issue.record("there must be a conflict")
      return
    }
    #expect(conflicts.map(\.path) == ["f", "gone"])
    #expect(conflicts[0].text == "a\n<<<<<<< HEAD\nY\n=======\nb\n>>>>>>> parent of \(bad.hex.prefix(7)) (Bad)\nc\n")
    #expect(try conflicts[0].base == fixture.id("\(bad):f"))
    #expect(try conflicts[0].ours == fixture.id("\(head):f"))
    #expect(try conflicts[0].theirs == fixture.id("\(bad)~:f"))
    #expect(conflicts[1].ours == nil)
    #expect(conflicts[1].text == nil)
  }

  @Test("files that are not text, links and submodules conflict without text")
  func noText() throws {
    let fixture = try GitFixture()
    try fixture.commit(files: ["b": "a\0b"])
    let bad = try fixture.commit("Bad", files: ["b": "a\0c"])
    let head = try fixture.commit("Later", files: ["b": "a\0d"])
    guard case .conflicts(let conflicts) = try fixture.open().revert(bad, on: head, mainline: nil) else {
      Issue.record("there must be a conflict")
      return
    }
    #expect(conflicts.map(\.path) == ["b"])
    #expect(conflicts[0].text == nil)
  }

  @Test("a merge commit is undone against the parent that is meant, a root commit against nothing")
  func mainlines() throws {
    let fixture = try GitFixture()
    let root = try fixture.commit("root", files: ["a": "1\n"])
    try fixture.branch("side")
    try fixture.commit("side", files: ["b": "2\n"])
    try fixture.checkout("main")
    try fixture.commit("main", files: ["c": "3\n"])
    let merged = try fixture.merge("side")
    let repository = try fixture.open()
    #expect(try repository.revert(merged, on: merged, mainline: nil) == .tree(fixture.id("\(merged)^1^{tree}")))
    #expect(try repository.revert(merged, on: merged, mainline: 2) == .tree(fixture.id("\(merged)^2^{tree}")))
    for mainline in [0, 3, -1] {
      let error = #expect(throws: GitError.self) { try repository.revert(merged, on: merged, mainline: mainline) }
      #expect(error?.code == .invalid)
    }
    guard case .tree(let rest) = try repository.revert(root, on: merged, mainline: nil) else {
      Issue.record("nothing conflicts")
      return
    }
    #expect(try fixture.git("ls-tree", "--name-only", rest.hex) == "b\nc")
  }

  @Test("a replayed commit gives the tree that git cherry-pick gives")
  func cherryPick() throws {
    let fixture = try GitFixture()
    try fixture.commit(files: ["f": "1\n2\n3\n4\n5\n6\n7\n8\n"])
    try fixture.branch("side")
    let pick = try fixture.commit(files: ["f": "1\n2\n3\n4\n5\n6\n7\nEIGHT\n", "new": "x"])
    try fixture.checkout("main")
    let head = try fixture.commit(files: ["f": "ONE\n2\n3\n4\n5\n6\n7\n8\n"])
    let outcome = try fixture.open().cherryPick(pick, on: head)
    try fixture.git("cherry-pick", "--no-commit", pick.hex)
    #expect(try outcome == .tree(#require(ObjectID(hex: fixture.git("write-tree")))))
  }

  @Test("the message of a revert is the one that Git writes")
  func messages() throws {
    let fixture = try GitFixture()
    try fixture.commit("root", files: ["a": "1"])
    try fixture.branch("side")
    try fixture.commit("A subject: on\ntwo lines\n\nand a body", files: ["b": "1"])
    try fixture.checkout("main")
    try fixture.commit("main", files: ["c": "1"])
    try fixture.merge("side")
    let repository = try fixture.open()
    let merge = try repository.commit(fixture.id())
    try fixture.git("revert", "--no-edit", "-m", "1", merge.id.hex)
    #expect(try Repository.revertMessage(for: merge) == repository.commit(fixture.id()).message)
    let side = try repository.commit(fixture.id("side"))
    try fixture.checkout("side")
    try fixture.git("revert", "--no-edit", side.id.hex)
    #expect(try Repository.revertMessage(for: side) == repository.commit(fixture.id()).message)
  }
}
