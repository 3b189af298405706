import Git
import GitRemotes
import MooringTestSupport
import Testing

/// How the server is spoken to.
enum WireMode: String, CaseIterable, CustomTestStringConvertible {
  case version2, version2Stateless, version0, version0Stateless

  var version: Int { self == .version2 || self == .version2Stateless ? 2 : 0 }
  var isStateless: Bool { self == .version2Stateless || self == .version0Stateless }
  var testDescription: String { rawValue }

  func channel(
    _ service: SmartService = .uploadPack, of fixture: GitFixture, meter: WireMeter = WireMeter()
  ) throws -> WireGitChannel {
    try WireGitChannel(service, of: fixture, version: version, isStateless: isStateless, meter: meter)
  }
}

@Suite(.inTurn) struct WireFetchTests {
  static let specs = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]

  private func fetch(
    _ remote: GitFixture, into repository: Repository, _ mode: WireMode, specs: [String] = specs, prune: Bool = false,
    meter: WireMeter = WireMeter()
  ) async throws -> FetchOutcome {
    try await NetworkRemote.fetch(
      into: repository, over: mode.channel(of: remote, meter: meter), refspecs: specs, prune: prune)
  }

  @Test("heads are those of git ls-remote", arguments: WireMode.allCases)
  func heads(mode: WireMode) async throws {
    let remote = try GitFixture()
    let tip = try remote.commit(files: ["a": "1"])
    try remote.git("tag", "-a", "-m", "tag", "v1")
    try remote.branch("side/ä")
    let all = try await NetworkRemote.heads(over: mode.channel(of: remote))
    #expect(all.heads.map(\.name) == ["refs/heads/main", "refs/heads/side/ä", "refs/tags/v1"])
    #expect(all.head == tip)
    #expect(all.defaultBranch == "refs/heads/side/ä")
    #expect(try all["refs/tags/v1"] == remote.id("refs/tags/v1"))
    let some = try await NetworkRemote.heads(over: mode.channel(of: remote), prefixes: ["refs/heads/main"])
    #expect(some["refs/heads/main"] == tip)
    #expect(some.head == tip)
  }

  @Test("an empty repository has no heads and nothing to fetch", arguments: WireMode.allCases)
  func empty(mode: WireMode) async throws {
    let remote = try GitFixture()
    let heads = try await NetworkRemote.heads(over: mode.channel(of: remote))
    #expect(heads.heads.isEmpty)
    #expect(heads.head == nil)
    if mode.version == 2 { #expect(heads.defaultBranch == "refs/heads/main") }
    let local = try GitFixture(bare: true)
    let outcome = try await fetch(remote, into: local.open(), mode, specs: ["refs/heads/main:refs/x"])
    #expect(outcome.updates.isEmpty)
    #expect(outcome.missing == ["refs/heads/main"])
  }

  @Test("what is fetched over random merged histories is complete", arguments: WireMode.allCases)
  func random(mode: WireMode) async throws {
    let remote = try GitFixture()
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    try remote.commit(files: ["f": "0"])
    for round in 0..<4 {
      try remote.branch("b\(round)")
      for step in 0..<3 { try remote.commit(files: ["d\(step)/\(round)": "\(round * step)", "f": "\(round)\(step)"]) }
      try remote.checkout("main")
      try remote.commit(files: ["main/\(round)": "\(round)"])
      try remote.merge("b\(round)")
      try remote.git("tag", "-a", "-m", "tag", "v\(round)")
      let outcome = try await fetch(remote, into: repository, mode)
      #expect(outcome.objects > 0)
      #expect(try local.git("fsck", "--full", "--strict").isEmpty)
    }
    #expect(try objects(of: local) == objects(of: remote))
    #expect(try local.id("refs/remotes/origin/main") == remote.id("main"))
  }

  @Test("a fetch that finds nothing new asks for references only", arguments: WireMode.allCases)
  func nothingNew(mode: WireMode) async throws {
    let remote = try GitFixture()
    try remote.commit(files: ["a": "1"])
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    _ = try await fetch(remote, into: repository, mode)
    let meter = WireMeter()
    let again = try await fetch(remote, into: repository, mode, meter: meter)
    #expect(again.updates.isEmpty)
    #expect(again.objects == 0)
    #expect(meter.requests == (mode == .version0Stateless ? 0 : 1))
  }

  @Test("a later fetch brings only what is new", arguments: WireMode.allCases)
  func incremental(mode: WireMode) async throws {
    let remote = try WireHistory.make(commits: 2500)
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    let first = try await fetch(remote, into: repository, mode)
    #expect(first.objects >= 2500)
    #expect(try local.git("rev-list", "refs/remotes/origin/main") == remote.git("rev-list", "main"))
    try remote.git("reset", "--quiet", "--hard", "main")
    try remote.commit(files: ["new/x": "1"])
    let second = try await fetch(remote, into: repository, mode)
    #expect(second.objects == 4)
    #expect(second.updates.map(\.kind) == [.fastForwarded])
    #expect(try local.git("fsck", "--full").isEmpty)
  }

  @Test("a rewritten branch is followed or refused, and a vanished one pruned", arguments: WireMode.allCases)
  func rewritten(mode: WireMode) async throws {
    let remote = try GitFixture()
    let base = try remote.commit("base")
    for step in 0..<40 { try remote.commit(files: ["a": "\(step)"]) }
    try remote.git("branch", "gone")
    let specs = ["+refs/heads/*:refs/remotes/origin/*", "refs/heads/main:refs/careful"]
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    _ = try await fetch(remote, into: repository, mode, specs: specs)
    try remote.git("reset", "-q", "--hard", base.hex)
    try remote.git("branch", "-D", "gone")
    try remote.commit("new", files: ["a": "other"])
    let outcome = try await fetch(remote, into: repository, mode, specs: specs, prune: true)
    #expect(outcome.updates.map(\.name) == ["refs/careful", "refs/remotes/origin/gone", "refs/remotes/origin/main"])
    #expect(outcome.updates.map(\.kind) == [.refused, .vanished, .forced])
    #expect(try local.git("fsck", "--full").isEmpty)
  }

  @Test("many references come in one fetch", arguments: [WireMode.version2, .version0Stateless])
  func many(mode: WireMode) async throws {
    let remote = try GitFixture()
    let tip = try remote.commit(files: ["a": "1"])
    let input = (0..<3000).map { "create refs/heads/many/\($0) \(tip)\n" }.joined()
    try remote.git("update-ref", "--stdin", input: Array(input.utf8))
    let local = try GitFixture(bare: true)
    let outcome = try await fetch(remote, into: local.open(), mode, specs: ["+refs/heads/many/1*:refs/x/1*"])
    #expect(outcome.updates.count == 1110)  // a star is at least one character
  }

  @Test("commits that lie about without what they need are no offer, and don't count as fetched")
  func leftovers() async throws {
    let remote = try GitFixture()
    try remote.commit(files: ["a": "1"])
    let middle = try remote.commit(files: ["a": "2"])
    try remote.commit(files: ["a": "3"])
    let local = try GitFixture(bare: true)
    for revision in ["main", middle.hex] {
      let raw = try remote.tryGit(["cat-file", "commit", revision]).output
      try local.git("hash-object", "-t", "commit", "-w", "--stdin", input: raw)
    }
    _ = try await fetch(remote, into: local.open(), .version2)
    #expect(try local.git("fsck", "--full").isEmpty)
    #expect(try local.git("rev-list", "refs/remotes/origin/main") == remote.git("rev-list", "main"))
  }

  @Test("a remote that is a shallow clone is refused", arguments: WireMode.allCases)
  func shallowRemote(mode: WireMode) async throws {
    let origin = try GitFixture()
    for step in 0..<3 { try origin.commit(files: ["a": "\(step)"]) }
    let remote = try GitFixture(bare: true)
    try remote.git("fetch", "--quiet", "--depth=1", "file://" + origin.path, "main:main")
    let local = try GitFixture(bare: true)
    let error = await #expect(throws: RemoteError.self) { try await fetch(remote, into: local.open(), mode) }
    #expect(error?.code == .malformed)
    #expect(try local.git("for-each-ref").isEmpty)
  }

  private func objects(of fixture: GitFixture) throws -> Set<Substring> {
    Set(try fixture.git("rev-list", "--objects", "--all", "--no-object-names").split(separator: "\n"))
  }
}
