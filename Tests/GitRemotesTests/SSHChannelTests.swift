import Git
import GitRemotes
import MooringTestSupport
import Processes
import Testing

/// SSH, with a real `sshd` on loopback and the real `ssh`.
@Suite(
  .inTurn, .enabled(if: SSHServer.isInstalled, "needs openssh-server"))
struct SSHChannelTests {
  private func repository() throws -> (fixture: GitFixture, head: String) {
    let fixture = try GitFixture()
    try fixture.commit("First", files: ["a": "1"])
    return (fixture, try fixture.git("rev-parse", "main"))
  }

  private func references(
    _ server: SSHServer, _ path: String, askpass: String? = nil, stall: Duration = .seconds(30),
    _ change: (inout SSHAccess) -> Void = { _ in }
  ) async throws -> String {
    var ssh = SSHAccess(key: server.key, knownHosts: server.knownHosts)
    change(&ssh)
    let channel = try SSHChannel(
      to: RemoteURL(server.url(path)), for: .uploadPack, access: RemoteAccess(ssh: ssh, stall: stall), askpass: askpass)
    do {
      let greeting = try await PacketText.untilFlush(channel.greeting())
      let answer = try await PacketText.untilFlush(channel.request(Conversation.said(Conversation.listing)))
      await channel.close()
      return greeting + answer
    } catch {
      await channel.close()
      throw error
    }
  }

  private func failure(
    _ server: SSHServer, _ path: String = "/x", _ change: (inout SSHAccess) -> Void = { _ in }
  ) async -> RemoteError {
    do {
      return RemoteError(.invalid, "it went well: \(try await references(server, path, change))")
    } catch { return error as? RemoteError ?? RemoteError(.invalid, "another error: \(error)") }
  }

  @Test func referencesAreListedByVersion2WithEitherKindOfKey() async throws {
    let (server, (fixture, head)) = (try await SSHServer(), try repository())
    for key in [server.key, server.rsaKey] {
      let said = try await references(server, fixture.gitPath) { $0.key = key }
      #expect(said.hasPrefix("000eversion 2\n"))
      #expect(said.contains("\(head) refs/heads/main"))
    }
  }

  @Test func aPathIsNoCommand() async throws {
    let server = try await SSHServer()
    let trap = server.folder["trap"]
    let error = await failure(server, "/x';touch '\(trap)';'$(touch \(trap))`touch \(trap)`!")
    #expect(error.code == .notFound, "\(error)")
    #expect(!server.folder.exists("trap"))
  }

  @Test func aPassphraseComesFromItsFile() async throws {
    let (server, (fixture, head)) = (try await SSHServer(), try repository())
    try server.folder.write("#!/bin/sh\nexec cat \"$MOORING_PASSPHRASE_FILE\"\n", to: "askpass")
    try await SSHServer.tool("chmod", "755", server.folder["askpass"])
    let said = try await references(server, fixture.gitPath, askpass: server.folder["askpass"]) {
      $0.key = server.lockedKey
      $0.passphraseFile = server.passphrase
    }
    #expect(said.contains(head))
    let without = await failure(server, fixture.gitPath) { $0.key = server.lockedKey }
    #expect(without.code == .denied && without.remedy?.contains("passphraseFile") == true, "\(without)")
  }

  @Test func theAgentIsAskedOnlyWhereItIsAllowed() async throws {
    let (server, (fixture, head)) = (try await SSHServer(), try repository())
    let socket = server.folder["agent"]
    let agent = try ServerProcess(["/usr/bin/ssh-agent", "-D", "-a", socket])
    _ = try await agent.firstLine()
    let added = try await run(
      Program(
        ["ssh-add", "-q", server.key], environment: Program.scrubbed(adding: ["SSH_AUTH_SOCK": socket]),
        timeLimit: .seconds(20)))
    #expect(added.succeeded, "\(added.output)")
    let said = try await references(server, fixture.gitPath) {
      ($0.key, $0.agent, $0.agentSocket) = (nil, true, socket)
    }
    #expect(said.contains(head))
    let refused = await failure(server, fixture.gitPath) {
      ($0.key, $0.agentSocket) = (server.folder["stranger"], socket)
    }
    #expect(refused.code == .denied, "\(refused)")
    withExtendedLifetime(agent) {}
  }

  @Test func anUnknownSSHHostIsNotTrusted() async throws {
    let server = try await SSHServer()
    try server.folder.write("", to: "known_hosts")
    let error = await failure(server)
    #expect(error.code == .untrusted)
    #expect(error.message.contains("not in \(server.knownHosts)"), "\(error)")
    let print = try await SSHServer.tool("ssh-keygen", "-lf", server.folder["host.pub"])
    let fingerprint = try #require(print.split(separator: " ").first { $0.hasPrefix("SHA256:") })
    #expect(error.message.contains(fingerprint))
    let line = "[127.0.0.1]:\(server.port) \(try server.publicKey("host"))"
    #expect(error.remedy?.contains(line) == true, "\(error)")
    try server.folder.write(line + "\n", to: "known_hosts")
    #expect(await failure(server).code == .notFound, "and with that line it is known")
  }

  @Test func aChangedHostKeyIsShownBesideTheOldOne() async throws {
    let server = try await SSHServer()
    try server.trust("other-host")
    let error = await failure(server)
    #expect(error.code == .untrusted)
    for name in ["host", "other-host"] {
      let print = try await SSHServer.tool("ssh-keygen", "-lf", server.folder[name + ".pub"])
      let fingerprint = try #require(print.split(separator: " ").first { $0.hasPrefix("SHA256:") })
      #expect(error.message.contains(fingerprint), "\(error)")
    }
  }

  @Test func hashedNamesAreKnown() async throws {
    let (server, (fixture, head)) = (try await SSHServer(), try repository())
    try await SSHServer.tool("ssh-keygen", "-q", "-H", "-f", server.knownHosts)
    #expect(try !server.folder.read("known_hosts").contains("127.0.0.1"))
    #expect(try await references(server, fixture.gitPath).contains(head))
  }

  @Test func anAuthorityVouchesOnlyWhereThatIsAskedFor() async throws {
    let (server, (fixture, head)) = (try await SSHServer(certified: true), try repository())
    let line = "@cert-authority [127.0.0.1]:\(server.port) \(try server.publicKey("ca"))\n"
    try server.folder.write(line, to: "known_hosts")
    let error = await failure(server, fixture.gitPath)
    #expect(error.code == .untrusted)
    #expect(error.description.contains("known_hosts:1") && error.description.contains("certAuthority"), "\(error)")
    #expect(try await references(server, fixture.gitPath) { $0.certAuthority = true }.contains(head))
  }

  @Test func anAuthorityThatOnlySSHFindsIsRefusedToo() async throws {
    let (server, (fixture, head)) = (try await SSHServer(certified: true), try repository())
    let key = try server.publicKey("ca")
    // Without the port, and in a line that is longer than is read here.
    for line in ["127.0.0.1 \(key)", "[127.0.0.1]:\(server.port) \(key) \(String(repeating: "c", count: 70_000))"] {
      try server.folder.write("@cert-authority \(line)\n", to: "known_hosts")
      let error = await failure(server, fixture.gitPath)
      #expect(error.code == .untrusted)
      #expect(error.description.contains("known_hosts:1") && error.description.contains("certAuthority"), "\(error)")
      #expect(try await references(server, fixture.gitPath) { $0.certAuthority = true }.contains(head))
    }
  }

  @Test func aKeyThatTheHostDoesNotKnowIsDenied() async throws {
    let server = try await SSHServer()
    let error = await failure(server) { $0.key = server.folder["stranger"] }
    #expect(error.code == .denied, "\(error)")
    #expect(error.remedy != nil)
  }

  @Test func filesThatAreNotThereAreNamed() async throws {
    let server = try await SSHServer()
    for change in [{ $0.key = "/nonexistent/key" }, { $0.knownHosts = "/nonexistent/hosts" }]
      as [(inout SSHAccess) -> Void]
    {
      let error = await failure(server, "/x", change)
      #expect(error.code == .invalid && error.description.contains("/nonexistent/"), "\(error)")
    }
    let agent = await failure(server) { ($0.key, $0.agent) = (nil, true) }
    #expect(agent.description.contains("SSH_AUTH_SOCK"))
  }

  @Test func aServerThatStopsIsGivenUp() async throws {
    let server = try await SSHServer()
    try server.stop()
    let error = await #expect(throws: RemoteError.self) {
      _ = try await references(server, "/x", stall: .milliseconds(500))
    }
    #expect(error?.code == .stalled)
  }
}
