import Foundation
import Glibc
import MooringTestSupport
import Processes
import Testing

/// What somebody may do to production that is worse than a change.
@Suite(.inTurn) struct BadDriftTests {
  private func machine() async throws -> Machine {
    let machine = try Machine(["app.yaml": "a: 1\n", "d/b.txt": "b\n", "e/c.txt": "c\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    return machine
  }

  private func live(_ machine: Machine, _ path: String) -> String { machine.root + "/current/" + path }

  @Test func aFileOfTenGigabytesIsToldAndPutBackWithoutBeingRead() async throws {
    let machine = try await machine()
    truncate(live(machine, "app.yaml"), 10 << 30)
    try machine.folder.write("", to: "root/current/d/big")
    truncate(live(machine, "d/big"), 10 << 30)
    let shown = try await machine.mooring(["drift", "production"], within: .seconds(20))
    #expect(shown.status == 2 && shown.output.contains("~ current/app.yaml"), "\(shown)")
    #expect(shown.output.contains("larger than 104857600 bytes"), "\(shown)")
    #expect(shown.output.contains("+ current/d/big") && shown.output.contains("10737418240 bytes"), "\(shown)")
    let adopted = try await machine.mooring("drift", "production", "--adopt")
    #expect(adopted.status == 1 && adopted.errors.contains("can't be adopted"), "\(adopted)")
    #expect(try await machine.mooring(["drift", "production", "--heal"], within: .seconds(20)).status == 0)
    #expect(try machine.live("app.yaml") == "a: 1\n" && machine.live("d/big") == nil)
  }

  @Test func pipesAndNamesThatSteerTerminalsAreToldInOneLineAndPutBack() async throws {
    let machine = try await machine()
    unlink(live(machine, "app.yaml"))
    mkfifo(live(machine, "app.yaml"), 0o644)
    try machine.folder.write("x", to: "root/current/d/a\nb\u{1B}[31m\u{202E}c")
    let shown = try await machine.mooring(["drift", "production"], within: .seconds(20))
    #expect(shown.status == 2 && shown.output.contains("kind: file → other"), "\(shown)")
    #expect(shown.output.contains("+ current/d/a\\x0ab\\x1b[31m"), "\(shown)")
    #expect(!shown.output.contains("\u{1B}") && !shown.output.contains("\u{202E}"))
    #expect(try await machine.mooring(["drift", "production", "--heal"], within: .seconds(20)).status == 0)
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: live(machine, "d")) == ["b.txt"])
  }

  @Test func aRootThatIsGoneOrAnotherOneIsNoDrift() async throws {
    let machine = try await machine()
    let away = machine.folder["away"]
    try FileManager.default.moveItem(atPath: machine.root, toPath: away)
    let gone = try await machine.mooring("drift", "production")
    #expect(gone.status == 1 && gone.errors.contains("the target's root is gone"), "\(gone)")
    try await machine.mooring("run", "--once")
    // As it looks where its file system isn't mounted.
    try FileManager.default.createDirectory(atPath: machine.root, withIntermediateDirectories: false)
    let other = try await machine.mooring("drift", "production")
    #expect(other.status == 1 && other.errors.contains("is mounted"), "\(other)")
    try await machine.mooring("run", "--once")
    try FileManager.default.removeItem(atPath: machine.root)
    try FileManager.default.moveItem(atPath: away, toPath: machine.root)
    let back = try await machine.mooring("drift", "production")
    #expect(back.status == 0, "\(back)")
    #expect(try await !machine.story().contains("drift"), "nothing was told of files")
  }

  @Test(.enabled(if: geteuid() == 0, "another user is needed"))
  func whatMayNotBeReadIsSaidAndTheRestIsJudged() async throws {
    let machine = try await machine()
    let program = machine.folder["mooring"]
    try FileManager.default.copyItem(atPath: Machine.program, toPath: program)
    chmod(machine.folder[""], 0o755)
    chown(machine.configuration, 0, 0)
    for path in ["d", "e/c.txt"] { chmod(live(machine, path), 0) }
    try "a: 2\n".write(toFile: live(machine, "app.yaml"), atomically: false, encoding: .utf8)
    _ = try await run(
      Program(["/bin/chown", "-R", "2:2", machine.state, machine.remote.path], timeLimit: .seconds(20)), input: []
    ) { _ in }
    let lines = LineLog()
    let outcome = try await run(
      Program(
        ["/usr/bin/setpriv", "--reuid=2", "--regid=2", "--clear-groups", program, "drift", "production"],
        directory: "/", environment: machine.environment(), timeLimit: .seconds(30)), input: []
    ) { lines.append($0) }
    let output = lines.all.joined(separator: "\n")
    #expect(outcome.termination == .exited(2), "\(output)\n\(outcome.output)")
    #expect(output.contains("? current/d: can't be looked at"), "\(output)")
    #expect(
      output.contains("? current/e/c.txt: can't be looked at") || output.contains("~ current/e/c.txt"), "\(output)")
    #expect(output.contains("~ current/app.yaml") && !output.contains("- current/d/b.txt"), "\(output)")
  }
}
