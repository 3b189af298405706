import Git
import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// Unsigned commits that arrive while something else goes on.
@Suite(.inTurn) struct UnverifiedRaceTests {
  /// The second release in production, signed like the first, and bad.
  private func bad(_ transfer: any Transfer) async throws -> (Guarded, Workspace) {
    let guarded = try await Guarded()
    let workspace = try await guarded.workspace(transfer: transfer)
    try await workspace.poll()
    try guarded.site.push(["app/app.yaml": "a: 2\n"], "Bad", signedBy: guarded.ada)
    try await workspace.poll()
    #expect(guarded.site.live() == "a: 2\n")
    return (guarded, workspace)
  }

  @Test func anOwedRevertOnAnUnsignedCommitIsNotDeployedWithIt() async throws {
    let transfer = Interposed()
    let (guarded, workspace) = try await bad(transfer)
    transfer.refusesPushes = true
    try await workspace.rollback()
    #expect(guarded.site.live() == "a: 1\n")
    #expect(try workspace.state().owed.count == 1)
    try guarded.site.push(["app/evil": "1\n"])
    for _ in 0..<2 { try await workspace.poll() }
    #expect(guarded.site.live("evil") == nil && guarded.site.live() == "a: 1\n")
    transfer.refusesPushes = false
    for _ in 0..<3 { try await workspace.poll() }
    #expect(try workspace.state().owed.isEmpty, "the revert is on the branch")
    #expect(guarded.site.live("evil") == nil, "and being Mooring's own doesn't make what it stands on good")
    #expect(try workspace.state().newest?.signature?.verdict == .unsigned)
    try guarded.site.pull()
    try guarded.site.push(["app/evil": nil], signedBy: guarded.ada)
    for _ in 0..<2 { try await workspace.poll() }
    #expect(try workspace.state().newest?.refusal == nil && guarded.site.live() == "a: 1\n")
    #expect(try await StatusReport(workspace.context()).refused == nil)
  }

  @Test func aRevertThatLosesARaceToAnUnsignedCommitBringsItNotAlong() async throws {
    let transfer = Interposed()
    let (guarded, workspace) = try await bad(transfer)
    transfer.beforeNextPushOfBranch { try guarded.site.push(["app/evil": "1\n"], "Quicker") }
    try await workspace.rollback()
    for _ in 0..<2 { try await workspace.poll() }
    #expect(guarded.site.live() == "a: 1\n" && guarded.site.live("evil") == nil)
    let newest = try workspace.state().newest
    #expect(newest?.refusal != nil && newest?.signature?.commit != nil, "it names the commit below the revert")
  }

  @Test func aRevertOnTopOfASignedCommitIsDeployedWithIt() async throws {
    let transfer = Interposed()
    let (guarded, workspace) = try await bad(transfer)
    transfer.beforeNextPushOfBranch {
      try guarded.site.push(["app/more": "1\n"], "Quicker", signedBy: guarded.ada)
    }
    try await workspace.rollback()
    for _ in 0..<2 { try await workspace.poll() }
    #expect(guarded.site.live() == "a: 1\n" && guarded.site.live("more") == "1\n")
    #expect(try workspace.state().newest?.signature?.verdict == .own)
  }

  @Test func anUnsignedCommitNeitherEndsGatesNorKeepsAFailedReleaseInProduction() async throws {
    let guarded = try await Guarded()
    let site = guarded.site
    let reference = "+main:refs/remotes/origin/main"
    // The gate holds for the first release; while it waits for the second, an unsigned commit is pushed and fetched.
    let script = """
      grep -q 'a: 1' "$0" && exit 0
      test -e "$1" && exit 1
      touch "$1" && git -C "$2" push --quiet "$3" main && git -C "$4" fetch --quiet "$3" '\(reference)'
      exit 1
      """
    let gate = GateConfiguration(
      name: "is 1",
      check: .command([
        "/bin/sh", "-c", script, "{root}/app.yaml", site.folder["pushed"], site.author.path, site.remote.path,
        site.folder["state/repositories/config.git"],
      ]), within: .seconds(3), interval: .milliseconds(100), timeout: .seconds(20))
    let workspace = try await site.workspace([
      Site.Environment(gates: [gate], verification: guarded.policy)
    ])
    try await workspace.poll()
    try site.push(["app/app.yaml": "a: 2\n"], "Bad", signedBy: guarded.ada)
    try site.author.commit("Unsigned", files: ["app/evil": "1\n"])
    let report = try await workspace.poll()
    #expect(site.folder.exists("pushed"))
    #expect(report.kinds.contains("rollbackStarted"), "\(report.kinds)")
    for _ in 0..<2 { try await workspace.poll() }
    #expect(site.live() == "a: 1\n" && site.live("evil") == nil)
    #expect(try workspace.state().deployed?.verified == true)
  }
}
