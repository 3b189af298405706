import Git
import MooringModel
import MooringTestSupport
import Testing

@testable import MooringJournal

/// The index of a branch's history, held against what Git's own programs list.
@Suite(.inTurn) struct HistoryIndexTests {
  private let folder: TemporaryFolder
  private let index: HistoryIndex

  init() throws {
    folder = try TemporaryFolder("mooring-history")
    index = try HistoryIndex(stateDirectory: folder[""])
  }

  private func line(_ paths: [String] = ["app"]) throws -> HistoryIndex.Line {
    HistoryIndex.Line(environment: try EnvironmentName("production"), kind: .inputs, paths: paths)
  }

  private func add(
    _ fixture: GitFixture, upTo tip: ObjectID? = nil, _ paths: [String] = ["app"]
  ) throws -> HistoryIndex.Progress {
    let (repository, line) = (try fixture.open(), try line(paths))
    let known = try index.progress(of: line)
    let commits = try repository.line(firstParentsFrom: tip ?? fixture.id(), until: known.reached).commits
    _ = try index.add(
      commits.reversed().map { HistoryIndex.Step(commit: $0.id, tree: $0.tree) }, to: line, after: known, in: repository
    )
    return try index.progress(of: line)
  }

  /// What Git lists, oldest commit first.
  private func listed(_ fixture: GitFixture, _ path: String = "app") throws -> [[String]] {
    let text = try fixture.git(
      "-c", "core.quotePath=off", "log", "--first-parent", "-m", "--no-renames", "--name-only", "--reverse",
      "--format=%x00",
      "--", path)
    return text.split(separator: "\0").map { block in
      block.split(separator: "\n").map(String.init).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }.filter { !$0.isEmpty }
  }

  private func kept(_ progress: HistoryIndex.Progress) throws -> [[String]] {
    try (1...max(progress.length, 1)).map { position in
      try index.files(changedAt: position, in: progress).map { String(decoding: $0, as: UTF8.self) }
    }.filter { !$0.isEmpty }
  }

  private func history(seed: UInt64, commits: Int) throws -> GitFixture {
    let fixture = try GitFixture()
    var random = SeededRandom(seed: seed)
    var files: [String] = []
    func change(_ number: Int) throws {
      var changed: [String: String?] = [:]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let kind = Int.random(in: 0..<10, using: &random)
        if kind < 2, let old = files.randomElement(using: &random), changed[old] == nil {
          changed[old] = .some(nil)
          files.removeAll { $0 == old }
        } else if kind < 6, let old = files.randomElement(using: &random), changed[old] == nil {
          changed[old] = "v: \(number)\n"
        } else {
          let folder = ["app", "app/a", "app/a.b", "other", "app/a/deep"].randomElement(using: &random) ?? "app"
          let new = "\(folder)/f\(number)-\(changed.count).yaml"
          changed[new] = "v: \(number)\n"
          files.append(new)
        }
      }
      try fixture.commit("Change \(number)", files: changed)
    }
    for number in 0..<commits {
      if number % 7 == 6 {
        let before = files
        try fixture.branch("side-\(number)")
        try change(number)
        let side = files
        try fixture.checkout("main")
        files = before
        try fixture.merge("side-\(number)")
        files = side
      } else {
        try change(number)
      }
    }
    return fixture
  }

  @Test(arguments: [UInt64(1), 2, 3]) func changedPathsAreThoseThatGitLists(seed: UInt64) throws {
    let fixture = try history(seed: seed, commits: 40)
    #expect(try kept(add(fixture)) == listed(fixture))
  }

  @Test func aCommitAtATimeGivesTheSame() throws {
    let fixture = try history(seed: 4, commits: 25)
    for commit in try fixture.git("rev-list", "--first-parent", "--reverse", "main").split(separator: "\n") {
      _ = try add(fixture, upTo: fixture.id(String(commit)))
    }
    #expect(try kept(index.progress(of: line())) == listed(fixture))
  }

  @Test func whatSomebodyElseHasAddedMeanwhileIsNotAddedTwice() throws {
    let fixture = try history(seed: 5, commits: 5)
    let before = try index.progress(of: line())
    _ = try add(fixture)
    let repository = try fixture.open()
    let commits = try repository.line(firstParentsFrom: fixture.id(), until: nil).commits
    let steps = commits.reversed().map { HistoryIndex.Step(commit: $0.id, tree: $0.tree) }
    #expect(throws: HistoryIndex.Overtaken.self) { try index.add(steps, to: line(), after: before, in: repository) }
    #expect(try kept(index.progress(of: line())) == listed(fixture))
  }

  @Test func anInterruptedBuildGoesOnWhereItWas() throws {
    let fixture = try history(seed: 6, commits: 20)
    let half = try fixture.id("main~9")
    let first = try add(fixture, upTo: half)
    #expect(first.reached == half)
    let again = try HistoryIndex(stateDirectory: folder[""])
    #expect(try again.progress(of: line()) == first)
    #expect(try kept(add(fixture)) == listed(fixture))
  }

  @Test func otherInputsAreReadFromTheBeginning() throws {
    let fixture = try history(seed: 7, commits: 15)
    _ = try add(fixture)
    #expect(try kept(add(fixture, ["other"])) == listed(fixture, "other"))
  }

  @Test func aDamagedIndexIsMadeAgain() throws {
    let fixture = try history(seed: 8, commits: 5)
    _ = try add(fixture)
    let other = try TemporaryFolder("mooring-history-damaged")
    try other.write(
      "no database at all, and long enough to be looked at: " + String(repeating: "x", count: 5_000),
      to: "history.sqlite")
    let index = try HistoryIndex(stateDirectory: other[""])
    #expect(try index.progress(of: line()).length == 0)
  }

  @Test func aRootCommitOfManyFilesAndAThousandBranchesAreNoTrouble() throws {
    let fixture = try GitFixture()
    var files: [String: String?] = [:]
    for number in 0..<5_000 {
      files["app/\(number / 100)/f\(number).yaml"] =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c\(number) }\ndata: { v: a }\n"
    }
    try fixture.commit("Import", files: files)
    let main = try fixture.id()
    let updates = (0..<1_000).map { "create refs/heads/branch-\($0) \(main)\n" }.joined()
    try fixture.git("update-ref", "--stdin", input: Array(updates.utf8))
    let progress = try add(fixture)
    #expect(progress.length == 1)
    #expect(try index.files(changedAt: 1, in: progress).count == 5_000)
    #expect(try index.resources(changedAt: 1, in: progress).count == 5_000)
  }
}

/// SplitMix64.
private struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
