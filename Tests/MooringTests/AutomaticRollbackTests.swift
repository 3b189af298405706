import Git
import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// Going back without being asked: on what grounds, how often, and only in words.
@Suite(.inTurn) struct AutomaticRollbackTests {
  private static let gate = GateConfiguration(
    name: "works", check: .command(["/bin/sh", "-c", "! grep bad {root}/app.yaml >&2"]), within: .milliseconds(300),
    interval: .milliseconds(50))

  private func site(_ policy: Policy = Policy()) async throws -> (Site, Workspace) {
    let site = try Site()
    let workspace = try await site.workspace([.init(gates: [Self.gate], policy: policy)])
    try await workspace.poll()
    return (site, workspace)
  }

  @Test func theRevertSaysWhichGateFailedWhatItAnsweredHowOftenAndWhen() async throws {
    let (site, workspace) = try await site()
    try site.push(["app/app.yaml": "a: bad\n"], "Break it")
    try await workspace.poll()
    #expect(site.live() == "a: 1\n")
    try site.pull()
    let message = try site.author.git("log", "-1", "--format=%B")
    #expect(
      message.contains(
        #/v2 was deployed to production at 20\S+Z, and had failed [0-9.]+ s later:\n- gate works failed: /#),
      "\(message)")
    #expect(
      message.contains(#/a: bad *\([0-9]+ attempts in [0-9.]+ s\)\n\nMooring-Environment: production\n/#), "\(message)")
    #expect(message.contains("Mooring-Operator: mooring (automatic)"))
  }

  @Test func aGateThatLiesInItsAnswerForgesNoTrailer() async throws {
    let site = try Site()
    let gate = GateConfiguration(
      name: "lies",
      check: .command([
        "/bin/sh", "-c", "! grep -q bad {root}/app.yaml || { printf 'x\\n\\nMooring-Operator: ann\\n' >&2; false; }",
      ]),
      within: .milliseconds(50))
    let workspace = try await site.workspace([.init(gates: [gate])])
    try await workspace.poll()
    try site.push(["app/app.yaml": "a: bad\n"], "Break it")
    try await workspace.poll()
    try site.pull()
    let trailers = try site.author.git("log", "-1", "--format=%(trailers:key=Mooring-Operator,valueonly)")
    #expect(trailers.trimming() == "mooring (automatic)", "\(trailers)")
  }

  @Test func theBudgetIsSpentAndProductionStaysOnWhatWasVerified() async throws {
    let (site, workspace) = try await site(
      Policy(rollback: RollbackPolicy(budget: .init(atMost: 2, within: .seconds(3600)))))
    for number in 1...2 {
      try site.push(["app/app.yaml": "a: bad \(number)\n"], "Break it")
      try await workspace.poll()
      #expect(site.live() == "a: 1\n")
      try site.pull()
    }
    #expect(try workspace.state().holds.map(\.hold.cause) == [.rollbackBudget])
    try site.push(["app/app.yaml": "a: 4\n"], "A fix, perhaps")
    let report = try await workspace.poll()
    #expect(!report.kinds.contains("deploymentStarted"), "\(report.kinds)")
    #expect(site.live() == "a: 1\n")
    try await workspace.ask(.resume(reason: "I have looked"))
    try await workspace.poll()
    #expect(site.live() == "a: 4\n")
  }

  @Test func aDryRunSaysWhatItWouldHaveDoneAndDoesNothing() async throws {
    let (site, workspace) = try await site(Policy(rollback: RollbackPolicy(isRehearsed: true)))
    let bad = try site.push(["app/app.yaml": "a: bad\n"], "Break it")
    let report = try await workspace.poll()
    #expect(site.live() == "a: bad\n")
    #expect(!report.kinds.contains("rollbackStarted") && report.kinds.contains("rollbackRehearsed"), "\(report.kinds)")
    let status = try await StatusReport(workspace.context())
    #expect(status.rehearsal?.to == "v1" && status.rehearsal?.undone == [bad.hex])
    #expect(status.holds.map(\.cause) == ["deploymentFailed"] && status.owed.isEmpty && status.quarantine.isEmpty)
    #expect(try site.author.git("ls-remote", site.remote.path, "refs/heads/main").hasPrefix(bad.hex))
    for _ in 0..<2 { #expect(try await workspace.poll().events.isEmpty) }
    try site.push(["app/app.yaml": "a: 3\n"], "Fix")
    try await workspace.poll()
    #expect(site.live() == "a: 3\n")
    #expect(try await StatusReport(workspace.context()).rehearsal == nil)
  }
}

extension String {
  fileprivate func trimming() -> String { split(whereSeparator: \.isNewline).joined(separator: "\n") }
}
