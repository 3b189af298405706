import Foundation
import Git
import GitRemotes
import MooringTestSupport
import Testing

@Suite(.inTurn) struct WirePushTests {
  private static let modes = [WireMode.version0, .version0Stateless, .version2]

  /// A bare remote that main has been fetched from, and a working copy with one commit more.
  private func pair() throws -> (remote: GitFixture, local: GitFixture, old: ObjectID) {
    let local = try GitFixture()
    try local.commit(files: ["a": "1", "b/c": "1"])
    let old = try local.commit(files: ["a": "2"])
    return (try GitFixture(cloning: local), local, old)
  }

  private func push(
    _ local: GitFixture, to remote: GitFixture, _ mode: WireMode, _ updates: [PushUpdate]
  ) async throws -> [PushOutcome.Result] {
    try await NetworkRemote.push(
      from: local.open(), over: mode.channel(.receivePack, of: remote), updates: updates
    ).results.map(\.result)
  }

  @Test("a push moves references and brings what they need", arguments: modes)
  func pushed(mode: WireMode) async throws {
    let (remote, local, old) = try pair()
    for step in 0..<300 { try local.write(["many/\(step)": String(repeating: "\(step)", count: 500)]) }
    let new = try local.commit()
    let updates = [
      PushUpdate(local: new, name: "refs/heads/main", expecting: old),
      PushUpdate(local: old, name: "refs/heads/second", expecting: nil),
    ]
    #expect(try await push(local, to: remote, mode, updates) == [.pushed, .pushed])
    #expect(try remote.id("refs/heads/main") == new)
    #expect(try remote.git("fsck", "--full", "--strict").isEmpty)
    #expect(try await push(local, to: remote, mode, updates) == [.pushed, .pushed])
  }

  @Test("a reference alone costs an empty pack", arguments: modes)
  func referenceOnly(mode: WireMode) async throws {
    let (remote, local, old) = try pair()
    let update = PushUpdate(local: old, name: "refs/heads/again", expecting: nil)
    #expect(try await push(local, to: remote, mode, [update]) == [.pushed])
    #expect(try remote.id("refs/heads/again") == old)
  }

  @Test("what would need force, has moved, or isn't here is not sent")
  func objections() async throws {
    let (remote, local, old) = try pair()
    let base = try local.id("main~1")
    try local.git("reset", "--quiet", "--hard", base.hex)
    let other = try local.commit(files: ["a": "other"])
    let updates = [
      PushUpdate(local: other, name: "refs/heads/main", expecting: old),
      PushUpdate(local: other, name: "refs/heads/main", expecting: base),
      PushUpdate(local: .zero, name: "refs/heads/none", expecting: nil),
      PushUpdate(local: other, name: "HEAD", expecting: nil),
    ]
    let results = try await push(local, to: remote, .version0, updates)
    #expect(results[1] == .moved(old))
    for index in [0, 2, 3] {
      guard case .refused = results[index] else { Issue.record("\(results[index])"); continue }
    }
    #expect(try remote.id("refs/heads/main") == old)
  }

  @Test("a hook that refuses is quoted, without what would colour a terminal", arguments: modes)
  func hook(mode: WireMode) async throws {
    let (remote, local, old) = try pair()
    try install("pre-receive", "echo 'protected: \u{1B}[31mask for a review' >&2; exit 1", in: remote)
    let new = try local.commit(files: ["a": "3"])
    let update = PushUpdate(local: new, name: "refs/heads/main", expecting: old)
    let results = try await push(local, to: remote, mode, [update])
    #expect(results == [.refused("pre-receive hook declined: protected: [31mask for a review")])
    #expect(try remote.id("refs/heads/main") == old)
  }

  @Test("each reference has its own result")
  func separate() async throws {
    let (remote, local, old) = try pair()
    try install("update", "[ \"$1\" != refs/heads/main ]", in: remote)
    let new = try local.commit(files: ["a": "3"])
    let results = try await push(
      local, to: remote, .version0,
      [
        PushUpdate(local: new, name: "refs/heads/main", expecting: old),
        PushUpdate(local: new, name: "refs/heads/free", expecting: nil),
      ])
    #expect(results == [.refused("hook declined: error: hook declined to update refs/heads/main"), .pushed])
  }

  private func report(_ lines: String...) async throws -> PushReport {
    let bytes = Array(lines.map(WireHostileTests.line).joined()) + WireHostileTests.flush
    return try await PushReport(
      reading: PacketReader(WireScriptedSource(bytes, piece: 100_000)), isBanded: false, limits: WireLimits())
  }

  @Test("what a remote reports of another name counts for none, and a report has an end")
  func reports() async throws {
    let other = try await report("unpack ok", "ok refs/heads\u{200B}/main", "ok refs/heads/e\u{301}")
    for name in ["refs/heads/main", "refs/heads/\u{E9}"] {
      #expect(other.result(of: name) == .refused("the remote doesn't say what became of it"))
    }
    #expect(other.result(of: "refs/heads/e\u{301}") == .pushed)
    let long = "ok refs/heads/" + String(repeating: "a", count: 60_000)
    await #expect(throws: RemoteError.self) {
      let bytes = Array((0..<300).map { WireHostileTests.line("\(long)\($0)") }.joined())
      _ = try await PushReport(
        reading: PacketReader(WireScriptedSource(bytes + WireHostileTests.flush, piece: 100_000)), isBanded: false,
        limits: WireLimits())
    }
  }

  @Test("a reference that somebody moves after the greeting is told as moved")
  func raced() async throws {
    let (remote, local, old) = try pair()
    let base = try local.id("main~1")
    // Runs between the greeting and the swap, as another push would.
    try install("pre-receive", "unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main \(base)", in: remote)
    let new = try local.commit(files: ["a": "3"])
    let outcome = try await NetworkRemote.push(
      from: local.open(), over: WireMode.version0.channel(.receivePack, of: remote),
      updates: [PushUpdate(local: new, name: "refs/heads/main", expecting: old)],
      look: { try WireMode.version2.channel(of: remote) })
    #expect(outcome.results.map(\.result) == [.moved(base)])
    #expect(try remote.id("refs/heads/main") == base)
  }

  private func install(_ name: String, _ script: String, in remote: GitFixture) throws {
    let path = remote.gitPath + "/hooks/\(name)"
    try FileManager.default.createDirectory(atPath: remote.gitPath + "/hooks", withIntermediateDirectories: true)
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }
}
