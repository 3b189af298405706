import Git
import MooringTestSupport
import Testing

@Suite struct HistoryTests {
  /// main: a, b, (side: s1, s2) merged, c.
  private func forked() throws -> (GitFixture, [String: ObjectID]) {
    let fixture = try GitFixture()
    var ids: [String: ObjectID] = [:]
    ids["a"] = try fixture.commit("a", files: ["in/x": "1", "out": "1"])
    ids["b"] = try fixture.commit("b", files: ["out": "2"])
    try fixture.branch("side")
    ids["s1"] = try fixture.commit("s1", files: ["in/x": "2"])
    ids["s2"] = try fixture.commit("s2", files: ["in/y": "2"])
    try fixture.checkout("main")
    ids["b2"] = try fixture.commit("b2", files: ["other": "2"])
    ids["m"] = try fixture.merge("side", date: GitFixture.firstDate + 6000)
    ids["c"] = try fixture.commit("c", files: ["in/y": nil])
    return (fixture, ids)
  }

  @Test("first parents are followed to the stop, or to the root")
  func firstParents() throws {
    let (fixture, ids) = try forked()
    let repository = try fixture.open()
    let tip = try #require(ids["c"])
    let all = try repository.firstParents(from: tip, until: nil).map(\.id.hex)
    #expect(try all == fixture.git("rev-list", "--first-parent", "main").split(separator: "\n").map(String.init))
    #expect(try repository.firstParents(from: tip, until: ids["b2"]).map(\.id) == [ids["c"], ids["m"]])
    #expect(try repository.firstParents(from: tip, until: tip).isEmpty)
    var walked: [String] = []
    try repository.walkFirstParents(from: tip) {
      walked.append($0.id.hex)
      return walked.count < 3
    }
    #expect(walked == Array(all.prefix(3)))
  }

  @Test("commits that changed inputs are found, with a merge for what its branch changed")
  func inputs() throws {
    let (fixture, ids) = try forked()
    let repository = try fixture.open()
    let tip = try #require(ids["c"])
    let changes = try repository.changesOfInputs(firstParentsFrom: tip, until: nil, paths: ["in", "in/x", "none"])
    #expect(changes.map(\.commit) == [ids["a"], ids["m"], ids["c"]])
    #expect(
      try changes.map { $0.inputs[0] } == [fixture.id("main~3:in"), fixture.id("main~1:in"), fixture.id("main:in")])
    #expect(
      try changes.map { $0.inputs[1] } == [fixture.id("main~3:in/x"), fixture.id("main:in/x"), fixture.id("main:in/x")])
    #expect(changes.allSatisfy { $0.inputs[2] == nil })
    let late = try repository.changesOfInputs(firstParentsFrom: tip, until: ids["m"], paths: ["in"])
    #expect(late.map(\.commit) == [tip])
    for whole in ["", "."] {
      let all = try repository.changesOfInputs(firstParentsFrom: tip, until: nil, paths: [whole])
      #expect(all.map(\.commit) == [ids["a"], ids["b"], ids["b2"], ids["m"], ids["c"]])
    }
    #expect(throws: GitError.self) {
      try repository.changesOfInputs(firstParentsFrom: tip, until: nil, paths: ["../x"])
    }
  }

  @Test("changed inputs are those of git log --first-parent, over random histories", arguments: [11, 12] as [UInt64])
  func randomInputs(seed: UInt64) throws {
    let fixture = try GitFixture()
    var files = RandomFiles(seed: seed)
    for _ in 0..<40 { try fixture.commit(files: files.change()) }
    try fixture.commit(files: ["program": "1"])
    try fixture.git("update-index", "--chmod=+x", "program")
    try fixture.git("commit", "-q", "-m", "mode")
    let repository = try fixture.open()
    for path in ["a", "a/b", "c", "a-b", "program", files.files.keys.sorted().first ?? "a"] {
      let ours = try repository.changesOfInputs(firstParentsFrom: fixture.id(), until: nil, paths: [path])
      let theirs = try fixture.git("log", "--first-parent", "--reverse", "--format=%H", "--", path)
      #expect(ours.map(\.commit.hex) == theirs.split(separator: "\n").map(String.init), "\(path)")
    }
  }

  @Test("ancestors, merge bases and ranges are Git's")
  func ancestry() throws {
    let (fixture, ids) = try forked()
    try fixture.git("checkout", "-q", "--orphan", "island")
    let island = try fixture.commit("island")
    let repository = try fixture.open()
    let all = ids.values.sorted() + [island]
    for one in all {
      for other in all {
        let isAncestor = try fixture.tryGit(["merge-base", "--is-ancestor", one.hex, other.hex]).status == 0
        #expect(try repository.isAncestor(one, of: other) == isAncestor)
        let base = try fixture.tryGit(["merge-base", one.hex, other.hex]).output
        let expected = ObjectID(hex: String(decoding: base.prefix(40), as: UTF8.self))
        #expect(try repository.mergeBase(one, other) == expected)
        let range = try fixture.git("rev-list", one.hex, "^\(other)").split(separator: "\n").map(String.init)
        #expect(try repository.commitsBetween(one, excluding: other).map(\.hex) == range)
      }
    }
    #expect(#expect(throws: GitError.self) { try repository.isAncestor(.zero, of: island) }?.code == .notFound)
    let tree = try repository.commit(island).tree
    #expect(#expect(throws: GitError.self) { try repository.mergeBase(tree, island) }?.code == .invalid)
  }
}
