import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// Inputs that feed several environments.
@Suite(.inTurn) struct SharedInputTests {
  private static func environments(gates: [GateConfiguration] = []) -> [Site.Environment] {
    [
      .init(name: "production", paths: ["base", "production"], gates: gates),
      .init(name: "staging", paths: ["base", "staging"]),
    ]
  }

  private func site(gates: [GateConfiguration] = []) async throws -> (Site, Workspace) {
    let site = try Site(["base/base.yaml": "a: 1\n", "production/p.yaml": "p: 1\n", "staging/s.yaml": "s: 1\n"])
    let workspace = try await site.workspace(Self.environments(gates: gates))
    try await workspace.sync()
    try await workspace.sync("staging")
    return (site, workspace)
  }

  @Test func aRevertThatChangesAnothersInputsIsRefusedUntilItIsAskedFor() async throws {
    let (site, workspace) = try await site()
    try site.push(["base/base.yaml": "a: 2\n"])
    try await workspace.sync()
    let (references, events) = (try site.references(), try workspace.state().eventCount)
    let refused = try await workspace.rollback()
    #expect(refused.said.contains("changes inputs of staging too"), "\(refused.said)")
    #expect(refused.said.contains("--include-shared"))
    #expect(try site.references() == references)
    #expect(try workspace.state().eventCount == events)
    #expect(site.live("base/base.yaml") == "a: 2\n")

    let report = try await workspace.rollback(includeShared: true)
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live("base/base.yaml") == "a: 1\n")
    try site.pull()
    #expect(try site.author.git("show", "HEAD:base/base.yaml") == "a: 1")
  }

  @Test func aRevertOfOnesOwnInputsAsksNobody() async throws {
    let (site, workspace) = try await site()
    try site.push(["production/p.yaml": "p: 2\n"])
    try await workspace.sync()
    let report = try await workspace.rollback()
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live("production/p.yaml") == "p: 1\n")
  }

  @Test func automationRestoresHoldsAndAsks() async throws {
    let gate = GateConfiguration(
      name: "good", check: .command(["/bin/sh", "-c", "! grep -q bad {root}/base/base.yaml"]),
      within: .milliseconds(100))
    let (site, workspace) = try await site(gates: [gate])
    let bad = try site.push(["base/base.yaml": "a: bad\n"])
    try await workspace.poll()
    #expect(site.live("base/base.yaml") == "a: 1\n", "production is back")
    let state = try workspace.state()
    #expect(state.holds.map(\.hold.cause) == [.sharedInputs])
    #expect(state.holds.first?.hold.reason.contains("staging") == true)
    try site.pull()
    #expect(try site.author.id() == bad, "no revert was made")
    try await workspace.poll()
    #expect(site.live("base/base.yaml") == "a: 1\n", "and it stays")
    #expect(try workspace.state().deployed?.verified == true)
  }
}
