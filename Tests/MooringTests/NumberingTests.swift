import Git
import Mooring
import MooringJournal
import MooringModel
import MooringTestSupport
import Testing

/// Every first-parent commit that changes the inputs is a release, numbered in order: as `git rev-list` counts them.
@Suite(.inTurn) struct NumberingTests {
  private func expected(_ site: Site, _ path: String) throws -> [String] {
    try site.author.git("rev-list", "--first-parent", "--reverse", "main", "--", path)
      .split(separator: "\n").map(String.init)
  }

  private func numbered(_ workspace: Workspace) throws -> [String] {
    let releases = try workspace.context().allReleases().sorted { $0.number < $1.number }
    #expect(releases.map(\.number.value) == Array(1...max(1, releases.count)))
    return releases.map(\.revision.hex)
  }

  /// Changes, merges that bring a change, merges that don't, a change undone in a branch, and commits elsewhere.
  private func history(_ site: Site, _ round: Int) throws {
    let author = site.author
    try author.commit("Elsewhere \(round)", files: ["other/\(round)": "x"])
    try author.commit("Here \(round)", files: ["app/\(round)": "x"])
    try author.branch("feature-\(round)")
    try author.commit("In the branch", files: ["app/feature-\(round)": "1"])
    try author.commit("Again in the branch", files: ["app/feature-\(round)": "2"])
    try author.checkout("main")
    try author.commit("Meanwhile", files: ["app/meanwhile-\(round)": "1"])
    try author.merge("feature-\(round)")
    try author.branch("docs-\(round)")
    try author.commit("Docs", files: ["other/docs-\(round)": "1"])
    try author.checkout("main")
    try author.merge("docs-\(round)")
    try author.commit("Delete", files: ["app/\(round)": nil])
    try site.publish()
  }

  @Test func numbersAreWhatRevListCountsInTheCatalogueAndAfterIt() async throws {
    let site = try Site()
    try history(site, 1)
    let workspace = try await site.workspace()
    try await workspace.sync()
    #expect(try numbered(workspace) == expected(site, "app"))
    try history(site, 2)
    try await workspace.sync()
    let revisions = try expected(site, "app")
    #expect(try numbered(workspace) == revisions)
    #expect(try workspace.state().deployed?.release.number?.value == revisions.count)
    #expect(try site.author.git("rev-list", "--first-parent", "--count", "main", "--", "app") == "\(revisions.count)")
  }

  @Test func aCommitThatLeavesTheInputsAloneIsNoRelease() async throws {
    let site = try Site()
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(["other/x": "1"])
    let report = try await workspace.sync()
    #expect(report.state.lastNumber == ReleaseNumber(1))
    #expect(!report.kinds.contains("deploymentStarted"))
  }

  @Test func aDeletedIndexGivesTheSameAnswers() async throws {
    let site = try Site()
    try history(site, 1)
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.sync()
    try await workspace.rollback()
    let before = (
      try workspace.state(), try workspace.context().allReleases(), try workspace.context().events(limit: nil)
    )
    let other = try await site.workspace()
    #expect(try other.rebuildIndex().events == before.2.count)
    #expect(try other.state() == before.0)
    #expect(try other.context().allReleases() == before.1)
    #expect(try other.context().events(limit: nil) == before.2)
  }
}
