import Git
import MooringJournal
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// What reaches production where signatures are required.
@Suite(.inTurn) struct VerifiedDeploymentTests {
  private func newest(_ workspace: Workspace) throws -> Release { try #require(try workspace.state().newest) }

  @Test func anUnsignedReleaseIsKeptOutUntilAGoodOneSupersedesIt() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 1\n")
    #expect(try newest(workspace).signature?.signer == "ada@example.com")
    let bad = try guarded.site.push(["app/app.yaml": "a: 2\n"])
    let report = try await workspace.poll()
    #expect(report.kinds == ["release", "alert"], "\(report.kinds)")
    #expect(guarded.site.live() == "a: 1\n")
    let refused = try newest(workspace)
    #expect(refused.number == ReleaseNumber(2) && refused.signature?.verdict == .unsigned)
    #expect(refused.refusal?.contains("unsigned") == true && refused.digest != nil)
    let status = try await StatusReport(workspace.context())
    #expect(status.refused?.revision == bad.hex && status.needsAttention && status.sync == "outOfSync")
    #expect(status.release?.signature?.verdict == .good)

    let asked = try await workspace.sync(despiteHold: true)
    #expect(asked.said.contains("v2 is not deployed") && guarded.site.live() == "a: 1\n", "\(asked.said)")
    #expect(try await workspace.poll().kinds == [], "it is said once")

    try guarded.site.push(["app/app.yaml": "a: 3\n"], signedBy: guarded.ada)
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 3\n")
    #expect(try await StatusReport(workspace.context()).refused == nil)
  }

  @Test func historySaysWhoSignedCommitsThatNeverWereReleasesOfTheirOwn() async throws {
    let guarded = try await Guarded(.warn)
    // Numbered from history: nobody asked who signed those.
    try guarded.site.push(["app/app.yaml": "a: 2\n"], signedBy: guarded.ada)
    try guarded.site.push(["app/app.yaml": "a: 3\n"])
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    for _ in 0..<2 {
      let history = try await workspace.context().history(of: "app.yaml", field: "a")
      #expect(history.entries.map { $0.signature?.signer } == ["ada@example.com", "ada@example.com", nil])
      #expect(history.entries.last?.signature?.verdict == .unsigned, "\(history)")
    }
    // By other keys the answer is another one.
    var other = guarded
    other.policy = try guarded.bench.allowing(
      SigningBench.line(try await guarded.bench.keys.ssh("bo"), as: "bo@example.com"))
    other.policy.mode = .warn
    let stranger = try await other.workspace().context().history(of: "app.yaml", field: "a")
    #expect(stranger.entries.first?.signature?.verdict == .unknownSigner, "\(stranger)")
  }

  @Test func withAWarningItIsDeployedAndSaidSo() async throws {
    let guarded = try await Guarded(.warn)
    let workspace = try await guarded.workspace()
    try guarded.site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 2\n")
    #expect(try newest(workspace).signature == ReleaseSignature(.unsigned))
    #expect(try await StatusReport(workspace.context()).release?.signature?.verdict == .unsigned)
  }

  @Test func theVeryCommitThatIsDeployedIsVerifiedNotTheTipOrATag() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    let bad = try guarded.site.push(["app/app.yaml": "a: 2\n"])
    try guarded.site.author.git(
      ["-c", "gpg.format=ssh", "-c", "user.signingkey=\(guarded.ada.key)", "tag", "-s", "-m", "x", "v2", bad.hex])
    try guarded.site.author.git("push", "--quiet", guarded.site.remote.path, "v2")
    try guarded.site.push(["README": "signed\n"], signedBy: guarded.ada)
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 1\n", "a signed tip and a signed tag make no unsigned release good")
    try guarded.site.push(["app/app.yaml": "a: 3\n"], signedBy: guarded.ada)
    try guarded.site.push(["README": "unsigned\n"])
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 3\n", "an unsigned tip that changes nothing here makes no signed release bad")
  }

  @Test func ofAllCommitsEveryOneSinceTheReleaseThatRunsMustBeGood() async throws {
    for (commits, expected) in [(VerificationPolicy.Commits.tip, "a: 2\n"), (.all, "a: 1\n")] {
      let guarded = try await Guarded(.required, commits)
      let workspace = try await guarded.workspace()
      try await workspace.poll()
      try guarded.site.author.branch("side")
      let bad = try guarded.site.author.commit("Side", files: ["app/app.yaml": "a: 2\n"])
      try guarded.site.author.checkout("main")
      try guarded.site.author.merge("side", signedBy: guarded.ada)
      try guarded.site.publish()
      try await workspace.poll()
      #expect(guarded.site.live() == expected)
      guard commits == .all else { continue }
      #expect(try newest(workspace).signature?.commit?.hex == bad.hex)
      try guarded.site.push(["app/app.yaml": "a: 3\n"], signedBy: guarded.ada)
      try await workspace.poll()
      #expect(guarded.site.live() == "a: 1\n", "a signed commit on top doesn't absolve it")
      try await workspace.rollback(.release(ReleaseNumber(1)))
      try guarded.site.pull()
      try guarded.site.push(["app/app.yaml": "a: 4\n"], signedBy: guarded.ada)
      try await workspace.poll()
      #expect(guarded.site.live() == "a: 4\n", "once it is reverted, the branch goes on")
    }
  }

  @Test func mooringsOwnRevertIsAcceptedAndALookAlikeIsNot() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    try guarded.site.push(["app/app.yaml": "a: 2\n"], signedBy: guarded.ada)
    try await workspace.poll()
    let report = try await workspace.rollback()
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(guarded.site.live() == "a: 1\n")
    #expect(try newest(workspace).signature?.verdict == .own && newest(workspace).refusal == nil)
    #expect(try await StatusReport(workspace.context()).needsAttention == false)

    try guarded.site.pull()
    let message = try guarded.site.author.git("log", "-1", "--format=%B")
    try guarded.site.push(["app/app.yaml": "a: 3\n"], signedBy: guarded.ada)
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 3\n")
    try guarded.site.push(["app/app.yaml": "a: 1\n"], message)
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 3\n", "the same words and the same files from somebody else")
    #expect(try newest(workspace).signature?.verdict == .unsigned)
  }

  @Test func anotherStateDirectoryDoesNotTakeTheRevertForItsOwn() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    try guarded.site.push(["app/app.yaml": "a: 2\n"], signedBy: guarded.ada)
    try await workspace.poll()
    try await workspace.rollback()
    let other = try await guarded.workspace(state: "other")
    _ = try await other.takeover(other.context(), by: Site.person)
    let revert = try #require(try other.state().newest?.revision)
    let context = try other.context()
    let found = try await context.verification.signature(
      of: revert.object, digest: nil, EnvironmentState(), sinceDeployed: false)
    #expect(found.verdict == .unsigned)
    #expect(
      try await workspace.context().verification.signature(
        of: revert.object, digest: nil, EnvironmentState(), sinceDeployed: false
      ).verdict == .own)
  }

  @Test func aRollbackGoesOnlyToWhatRanOrVerifies() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    try guarded.site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.poll()
    try guarded.site.push(["app/app.yaml": "a: 3\n"], signedBy: guarded.ada)
    try await workspace.poll()
    let refused = try await workspace.rollback(.release(ReleaseNumber(2)))
    #expect(refused.said.contains("never ran here"), "\(refused.said)")
    #expect(guarded.site.live() == "a: 3\n")
    try await workspace.rollback(.release(ReleaseNumber(1)))
    #expect(guarded.site.live() == "a: 1\n")
  }

  @Test func whatRanBeforeSignaturesWereRequiredCanBeGoneBackTo() async throws {
    var guarded = try await Guarded()
    let policy = guarded.policy
    guarded.policy.mode = .off
    let trusting = try await guarded.workspace()
    try guarded.site.push(["app/app.yaml": "a: 2\n"])
    try await trusting.poll()
    guarded.policy = policy
    let workspace = try await guarded.workspace()
    try guarded.site.push(["app/app.yaml": "a: 3\n"], signedBy: guarded.ada)
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 3\n")
    let report = try await workspace.rollback()
    #expect(report.refusals.isEmpty && guarded.site.live() == "a: 2\n", "\(report.said)")
  }

  @Test func undoingOneCommitDoesNotBringAnUnverifiedHeadIntoProduction() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    let good = try guarded.site.push(["app/two": "2\n"], signedBy: guarded.ada)
    try await workspace.poll()
    try guarded.site.push(["app/evil": "1\n"])
    try await workspace.poll()
    let report = try await workspace.rollback(.commit(good.hex))
    #expect(report.said.contains("v3 is not deployed"), "\(report.said)")
    #expect(guarded.site.live("evil") == nil && guarded.site.live("two") == "2\n")
  }

  @Test func aKeyThatIsAddedLaterMakesTheSameReleaseGood() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    let bo = try await guarded.bench.keys.ssh("bo")
    try guarded.site.push(["app/app.yaml": "a: 2\n"], signedBy: bo)
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 1\n")
    #expect(try newest(workspace).signature?.fingerprint == bo.fingerprint)
    _ = try guarded.bench.allowing(SigningBench.line(guarded.ada), SigningBench.line(bo, as: "bo@example.com"))
    let report = try await workspace.poll()
    #expect(report.kinds.first == "release" && guarded.site.live() == "a: 2\n", "\(report.kinds)")
    let release = try newest(workspace)
    #expect(release.number == ReleaseNumber(2) && release.signature?.signer == "bo@example.com")
    #expect(try workspace.context().signature(of: ReleaseNumber(2))?.verdict == .good, "the index says so too")
  }

  @Test func keysThatCannotBeReadKeepEverythingOutUntilTheyCan() async throws {
    let guarded = try await Guarded()
    let file = try #require(guarded.policy.sshAllowedSigners)
    let signers = try guarded.bench.keys.folder.read("allowed-signers")
    try guarded.bench.keys.folder.write("x", to: "allowed-signers")
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    #expect(guarded.site.live() == nil)
    try guarded.bench.keys.folder.write(signers, to: "allowed-signers")
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 1\n", "\(file)")
  }

  @Test func ofManyNewReleasesOnlyTheNewestAreAskedWhoSignedThem() async throws {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace()
    try await workspace.poll()
    let extra = 3
    for number in 1...ReleaseVerification.mostReleases + extra {
      try guarded.site.author.commit("Change \(number)", files: ["app/app.yaml": "b: \(number)\n"])
    }
    try guarded.site.publish()
    try await workspace.poll()
    let releases = try workspace.journal.releases.releases(of: workspace.environmentNames[0])
    #expect(releases.count { $0.signature == nil } == extra, "the oldest of the new ones")
    #expect(releases.first?.signature?.verdict == .unsigned)
    #expect(guarded.site.live() == "a: 1\n")
    let back = try await workspace.rollback(.release(ReleaseNumber(2)))
    #expect(back.said.contains("never ran here"), "it is asked before it is gone to: \(back.said)")
    #expect(guarded.site.live() == "a: 1\n")
  }
}
