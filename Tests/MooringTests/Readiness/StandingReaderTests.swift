import FoundationEssentials
import Git
import MooringJournal
import MooringModel
import MooringTestSupport
import Readiness
import Registries
import Testing

@testable import Mooring

/// What is found out of an environment's ways back: in a real repository, after real deployments.
@Suite struct StandingReaderTests {
  private func standing(_ workspace: Workspace) async throws -> Standing {
    try await RegistryClient.asking([]) { client in
      try await StandingReader(context: workspace.context(), registries: client).standing()
    }
  }

  /// A site whose production ran so many releases.
  private func site(_ releases: Int, _ change: (inout Site.Environment) -> Void = { _ in }) async throws -> (
    Site, Workspace
  ) {
    let site = try Site(["app/app.yaml": "release: 1\n"])
    var environment = Site.Environment()
    change(&environment)
    let workspace = try await site.workspace([environment])
    try await workspace.sync()
    for number in 2...releases {
      try site.push(["app/app.yaml": "release: \(number)\n"])
      let report = try await workspace.sync()
      try #require(report.refusals.isEmpty && report.state.deployed?.verified == true, "\(report)")
    }
    return (site, workspace)
  }

  @Test func `One can go back to what ran and held its gates, newest first, as many as are to be retained`()
    async throws
  {
    let (site, workspace) = try await site(6)
    let standing = try await standing(workspace)
    #expect(standing.deployed == "v6")
    #expect(standing.targets.map(\.label) == ["v5", "v4", "v3"])
    #expect(standing.targets.allSatisfy { $0.isStored && $0.revertProblem == nil && $0.migrations == [] })
    #expect(standing.seconds != nil && standing.rehearsal == nil && standing.backup == nil)
    // The same inputs again are the same release to go back to.
    try site.push(["app/app.yaml": "release: 5\n"])
    try await workspace.sync()
    #expect(try await self.standing(workspace).targets.map(\.label) == ["v6", "v4", "v3"])
  }

  @Test func `What was rolled back from is nothing to go back to`() async throws {
    let (site, workspace) = try await site(3)
    try await workspace.rollback()
    let standing = try await standing(workspace)
    #expect(standing.targets.map(\.label) == ["v1"], "production is v2 again, and v3 is in quarantine")
    #expect(site.live() == "release: 2\n")
  }

  @Test func `How long it takes is what rollbacks took, and where there were none, deployments`() throws {
    func event(_ payload: Event.Payload, at milliseconds: Int64) throws -> Event {
      let time = Timestamp(milliseconds: milliseconds)
      return Event(
        id: Identifier(at: time), time: time, initiator: .watcher, source: "host/1",
        environment: try EnvironmentName("production"), payload: payload)
    }
    func rollback(_ milliseconds: Int64) throws -> Event {
      try event(
        .rollbackFinished(
          RollbackFinished(
            rollback: Identifier(at: Timestamp(milliseconds: 0)), outcome: .verified, pushed: true, detail: nil,
            milliseconds: milliseconds)), at: 0)
    }
    #expect(StandingReader.seconds([]) == nil)
    #expect(try StandingReader.seconds([rollback(9000), rollback(4000), rollback(5000)]) == 5)
    // Those of long ago say little.
    let recent = try (0..<5).map { _ in try rollback(2000) }
    #expect(try StandingReader.seconds(recent + [rollback(90_000), rollback(90_000)]) == 2)
  }

  @Test func `A registry that isn't listed is counted, and not asked`() async throws {
    let site = try Site(["app/app.yaml": "services: { web: { image: \"registry.example/web:1\" } }\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(["app/app.yaml": "services: { web: { image: \"registry.example/web:2\" } }\n"])
    try await workspace.sync()
    let standing = try await standing(workspace)
    #expect(standing.unasked == ["registry.example": 1])
    #expect(standing.targets.first?.images == [])
  }
}
