import Foundation
import MooringTestSupport
import Processes
import Testing

/// A renderer's program where the system allows no namespaces: in one whose own limit on them is zero.
@Suite(.inTurn) struct UnconfinedRendererTests {
  private func sync(_ machine: Machine, _ preparation: String) async throws -> ProgramOutcome {
    let script = "\(preparation); exec \"$@\""
    return try await run(
      Program(
        ["unshare", "--user", "--map-root-user", "/bin/sh", "-c", script, "sh", Machine.program, "sync", "production"]
          + ["--config", machine.configuration, "--state", machine.state], timeLimit: .seconds(120)))
  }

  private func machine(_ more: String = "") throws -> Machine {
    let machine = try Machine(["pool": "8\n"])
    let script = "ls / > $0/seen; cat app/pool > $0/pool"
    try machine.configure(environment: ["render: { command: [/bin/sh, -c, \"\(script)\", \"{output}\"]\(more) }"])
    return machine
  }

  private func seen(_ machine: Machine) -> [String] {
    let text = try? String(contentsOfFile: machine.root + "/current/seen", encoding: .utf8)
    return text?.split(separator: "\n").map(String.init) ?? []
  }

  private static let noNamespaces = "echo 0 > /proc/sys/user/max_user_namespaces"

  @Test("isn't run, and the error says what to do") func isNotRun() async throws {
    let machine = try machine()
    let outcome = try await sync(machine, Self.noNamespaces)
    #expect(outcome.termination == .exited(1))
    #expect(outcome.output.contains("can't be kept from the network and the machine"), "\(outcome)")
    #expect(outcome.output.contains("`network: allow`"))
    #expect(seen(machine).isEmpty)
  }

  @Test("is run where `network: allow` says so, and the journal says that it saw the machine") func isAllowed()
    async throws
  {
    let machine = try machine(", network: allow")
    let outcome = try await sync(machine, Self.noNamespaces)
    #expect(outcome.succeeded, "\(outcome)")
    #expect(seen(machine).contains("proc") && !seen(machine).contains("inputs"))
    let reference = "refs/mooring/journal/production"
    let first = try machine.remote.git("rev-list", "--max-parents=0", reference, "--not", "main")
    #expect(try machine.remote.git("grep", "--count", "not kept from the machine", first).isEmpty == false)
  }

  @Test("is confined also where Mooring is root of a namespace with nobody else in it") func isConfined() async throws {
    let machine = try machine()
    let outcome = try await sync(machine, ":")
    #expect(outcome.succeeded, "\(outcome)")
    #expect(seen(machine).contains("inputs") && !seen(machine).contains("root"))
  }
}
