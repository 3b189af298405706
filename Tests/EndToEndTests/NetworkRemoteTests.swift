import Foundation
import MooringTestSupport
import Processes
import Testing

/// The whole way from a commit on a host to a release, over HTTPS and over SSH, with real servers.
@Suite(.inTurn)
struct NetworkRemoteTests {
  private struct Web {
    let authority: TestAuthority
    let server: HTTPServer

    /// Serves a machine's remote to whoever shows the token `hunter2`.
    init(_ machine: Machine) async throws {
      authority = try await TestAuthority()
      server = try await HTTPServer(
        root: machine.remote.path + "/..",
        [
          "certificate": authority.serverCertificate, "key": authority.serverKey,
          "authorization": "Basic Z2l0Omh1bnRlcjI=",
        ])
    }

    func url(_ machine: Machine) -> String {
      "https://localhost:\(server.port)/git/\(URL(filePath: machine.remote.path).lastPathComponent)"
    }
  }

  private func noSecret(in machine: Machine, _ answers: [Machine.Answer]) async throws {
    let story = try await machine.story()
    for text in answers.flatMap({ [$0.output, $0.errors] }) + [story] { #expect(!text.contains("hunter2"), "\(text)") }
  }

  @Test func aCommitIsDeployedAndRolledBackOverHTTPS() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let web = try await Web(machine)
    try machine.folder.write("hunter2\n", to: "token")
    try machine.configure(
      url: web.url(machine),
      repository: ["tokenFile: \(machine.folder["token"])", "caFile: \(web.authority.authority)"])
    let first = try await machine.mooring("run", "--once")
    #expect(first.status == 0, "\(first)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    try machine.push(["app.yaml": "a: 2\n"])
    let second = try await machine.mooring("sync", "production")
    #expect(second.status == 0, "\(second)")
    #expect(try machine.live("app.yaml") == "a: 2\n")
    let back = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes")
    #expect(back.status == 0, "\(back)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
    #expect(try machine.author.git("ls-remote", machine.remote.path).contains("refs/mooring/journal/production"))
    try machine.folder.write("wrong\n", to: "token")
    let denied = try await machine.mooring("sync", "production")
    #expect(denied.status == 1)
    #expect(denied.errors.contains("401") && denied.errors.contains("token"), "\(denied)")
    try await noSecret(in: machine, [first, second, back, denied])
  }

  @Test func aTokenOfTheEnvironmentReachesTheTransferAndNothingElse() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let web = try await Web(machine)
    try machine.configure(
      url: web.url(machine), repository: ["tokenEnvironment: GIT_TOKEN", "caFile: \(web.authority.authority)"])
    let without = try await machine.mooring("sync", "production")
    #expect(without.status == 1)
    #expect(without.errors.contains("GIT_TOKEN is not set"), "\(without)")
    let lines = LineLog()
    let environment = machine.environment().merging(["GIT_TOKEN": "hunter2"]) { $1 }
    let outcome = try await run(
      Program(
        [Machine.program, "sync", "production"], environment: environment, timeLimit: .seconds(60)), input: []
    ) { lines.append($0) }
    #expect(outcome.succeeded, "\(outcome.output)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(!(outcome.output + lines.all.joined()).contains("hunter2"))
  }

  @Test(.enabled(if: SSHServer.isInstalled, "needs openssh-server"))
  func aCommitIsDeployedAndRolledBackOverSSHWithAPassphrase() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let server = try await SSHServer()
    func configure(_ url: String) throws {
      try machine.configure(
        url: url,
        repository: [
          "ssh: { key: \(server.lockedKey), passphraseFile: \(server.passphrase), knownHosts: \(server.knownHosts) }"
        ])
    }
    try configure(server.url(machine.remote.path))
    let first = try await machine.mooring("run", "--once")
    #expect(first.status == 0, "\(first)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let back = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes")
    #expect(back.status == 0, "\(back)")
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
    try server.trust("other-host")
    let changed = try await machine.mooring("sync", "production")
    #expect(changed.status == 1)
    #expect(changed.errors.contains("has changed") && changed.errors.contains("SHA256:"), "\(changed)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(![first, back, changed].contains { ($0.output + $0.errors).contains("open sesame") })
  }

  @Test func aReferenceThatAHookProtectsIsRefusedAndTheRevertIsOwed() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let web = try await Web(machine)
    try machine.folder.write("hunter2\n", to: "token")
    try machine.configure(
      url: web.url(machine),
      repository: ["tokenFile: \(machine.folder["token"])", "caFile: \(web.authority.authority)"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let hook = machine.remote.path + "/hooks/pre-receive"
    let text = """
      #!/bin/sh
      while read old new ref; do
        case $ref in refs/heads/*) echo 'main is protected' >&2; exit 1 ;; esac
      done

      """
    try FileManager.default.createDirectory(
      atPath: machine.remote.path + "/hooks", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: hook))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
    let back = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes")
    #expect(back.status == 3, "\(back)")
    #expect((back.output + back.errors).contains("main is protected"), "\(back)")
    #expect(try machine.live("app.yaml") == "a: 1\n", "production is restored all the same")
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 2")
    try FileManager.default.removeItem(atPath: hook)
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
  }
}
