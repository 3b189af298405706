import FoundationEssentials
import Glibc
import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// Releases that programs make, in the environment's loop.
@Suite("A release that a program renders") struct RenderedReleaseTests {
  private static let files: [String: String?] = [
    "app/pool": "8\n", "app/render": "#!/bin/sh\necho \"pool $(cat app/pool)\" > $1/app.conf\n",
  ]

  private func environment(_ script: String = "echo \"pool $(cat app/pool)\" > $0/app.conf") -> Site.Environment {
    var environment = Site.Environment()
    environment.renderer = RendererConfiguration(.command(["/bin/sh", "-c", script, "{output}"]))
    return environment
  }

  @Test("is deployed, and says in the journal what made it") func isDeployed() async throws {
    let site = try Site(Self.files)
    let workspace = try await site.workspace([environment()])
    try await workspace.sync()
    #expect(site.live("app.conf") == "pool 8\n")
    let definition = try #require(try workspace.state().newest?.definition)
    #expect(definition.renderer == "command")
    #expect(definition.options?["command"]?.last == "{output}")
    #expect(definition.program?.hasPrefix("sh ") == true, "\(definition)")
  }

  @Test("is never adopted into inputs that don't hold it") func isNotAdopted() async throws {
    let site = try Site(Self.files)
    let workspace = try await site.workspace([environment()])
    try await workspace.sync()
    try site.change("app.conf", to: "pool 9\n")
    let adopt = Request.adopt(AdoptRequest(nil, by: Site.person))
    let report = try await workspace.settle(workspace.context(), adopt, by: Site.person) { _ in }
    #expect(report.said.contains("it was rendered by `command`"), "\(report.said)")
    try site.pull()
    #expect(try site.author.git("ls-tree", "--name-only", "main", "app/") == "app/pool\napp/render")
  }

  @Test("is another release when its definition changes") func changedDefinition() async throws {
    let site = try Site(Self.files)
    try await site.workspace([environment()]).sync()
    let workspace = try await site.workspace([environment("echo other > $0/app.conf")])
    try await workspace.sync()
    #expect(try workspace.state().newest?.number == ReleaseNumber(2))
    #expect(site.live("app.conf") == "other\n")
  }

  @Test("is not rendered again to go back to it, nor when the branch says so") func isNotRenderedAgain() async throws {
    // What it prints is never the same twice.
    let random = "cat app/pool /proc/sys/kernel/random/uuid > $0/app.conf"
    let site = try Site(Self.files)
    let workspace = try await site.workspace([environment(random)])
    try await workspace.sync()
    let first = site.live("app.conf")
    try site.push(["app/pool": "32\n"])
    try await workspace.sync()
    #expect(site.live("app.conf")?.hasPrefix("32\n") == true)
    try await workspace.rollback()
    #expect(site.live("app.conf") == first)
    try await workspace.sync()
    #expect(site.live("app.conf") == first)
    #expect(try workspace.state().deployed?.verified == true)
  }

  @Test("that can't be rendered is refused, and the fix behind it is deployed") func fixBehindIt() async throws {
    let site = try Site(Self.files)
    let workspace = try await site.workspace([environment("grep -q 8 app/pool || exit 4; cp app/pool $0/app.conf")])
    try await workspace.sync()
    try site.push(["app/pool": "9\n"])
    let bad = try await workspace.poll()
    #expect(try workspace.state().newest?.refusal?.contains("sh failed with status 4") == true, "\(bad.said)")
    #expect(site.live("app.conf") == "8\n")
    try site.push(["app/pool": "88\n"])
    try await workspace.poll()
    #expect(site.live("app.conf") == "88\n")
  }

  @Test("waits for its program to be installed, and takes no number meanwhile") func waitsForItsProgram() async throws {
    let site = try Site(Self.files)
    var environment = Site.Environment()
    let program = site.folder["program"]
    environment.renderer = RendererConfiguration(
      .command([program, "{output}"]))
    let workspace = try await site.workspace([environment])
    let report = try await workspace.poll()
    #expect(report.said.contains("there is no such program"), "\(report.said)")
    #expect(try workspace.state().newest == nil)
    try "#!/bin/sh\necho there > $1/app.conf\n".write(toFile: program, atomically: true, encoding: .utf8)
    #expect(chmod(program, 0o755) == 0)
    try await workspace.poll()
    #expect(site.live("app.conf") == "there\n")
  }

  @Test("holds up no other environment") func holdsUpNobody() async throws {
    let site = try Site(Self.files)
    var slow = environment("while ! [ -e /nowhere ]; do sleep 1; done")
    slow.name = "slow"
    slow.renderer.program.timeLimit = .seconds(3600)
    let workspace = try await site.workspace([environment(), slow])
    let rendering = Task { try await workspace.sync("slow") }
    try await workspace.sync()
    #expect(site.live("app.conf") == "pool 8\n")
    rendering.cancel()
    _ = await rendering.result
    #expect(try workspace.state("slow").newest == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: site.folder["state/renderings"]).isEmpty)
  }
}
