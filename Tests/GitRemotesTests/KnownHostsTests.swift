import GitRemotes
import MooringTestSupport
import Processes
import Testing

/// `known_hosts` as sshd(8) describes it, with keys and digests that the real `ssh-keygen` makes.
@Suite(.inTurn) struct KnownHostsTests {
  private static let key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8Ht8Z3j6yDWPBHQtOp/R9rjWvfMYo3MSA/K6q8D86r"

  private func lines(_ patterns: String, of host: String, port: Int = 22) throws -> [Int] {
    try KnownHosts(Array("\(patterns) \(Self.key)\n".utf8)).entries(for: host, port: port).map(\.line)
  }

  @Test(arguments: [
    ("example.com", "example.com", 22, true), ("EXAMPLE.com", "example.COM", 22, true), ("a,b", "b", 22, true),
    ("*.example.com", "git.example.com", 22, true), ("*.example.com", "example.com", 22, false),
    ("*.example.com,!bad.example.com", "bad.example.com", 22, false), ("h?st", "host", 22, true),
    ("!host", "other", 22, false), ("host", "host", 2222, false), ("[host]:2222", "host", 2222, true),
    ("[host]:2222", "host", 22, false), ("[::1]:2222", "::1", 2222, true),
    ("a,\u{301}", "a", 22, true), ("!\u{301},*", "a", 22, true), ("\u{212A}ube", "kube", 22, false),
    ("*a*a*a*a*b", String(repeating: "a", count: 200), 22, false),
  ])
  func patternsMeanHosts(_ patterns: String, _ host: String, _ port: Int, _ found: Bool) throws {
    #expect(try lines(patterns, of: host, port: port) == (found ? [1] : []))
  }

  @Test func namesThatSSHKeygenHashedAreFound() async throws {
    let folder = try TemporaryFolder()
    try folder.write("one.example.com \(Self.key)\n[two]:2222 \(Self.key)\n", to: "known_hosts")
    let outcome = try await run(
      Program(["ssh-keygen", "-q", "-H", "-f", folder["known_hosts"]], timeLimit: .seconds(20)))
    #expect(outcome.succeeded)
    let text = try folder.read("known_hosts")
    #expect(text.hasPrefix("|1|") && !text.contains("example"))
    let hosts = try KnownHosts(Array(text.utf8))
    #expect(hosts.entries(for: "one.example.com", port: 22).map(\.line) == [1])
    #expect(hosts.entries(for: "two", port: 2222).map(\.line) == [2])
    #expect(hosts.entries(for: "two", port: 22).isEmpty)
  }

  @Test func fingerprintsAreThoseOfSSHKeygen() async throws {
    let folder = try TemporaryFolder()
    try folder.write("host \(Self.key)\n", to: "known_hosts")
    let outcome = try await run(Program(["ssh-keygen", "-lf", folder["known_hosts"]], timeLimit: .seconds(20)))
    let hosts = try KnownHosts(Array(try folder.read("known_hosts").utf8))
    let entry = try #require(hosts.entries.first)
    #expect(outcome.output.contains(entry.key.fingerprint), "\(outcome.output)")
  }

  @Test(arguments: [
    "host ssh-ed25519 !!!!", "host ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIB8Ht8Z3j6yDWPBHQtOp/R9rjWvfMYo3MSA/K6q8D86r",
    "host ssh-ed25519", "host", "|1|x|y \(key)", "|2|eA==|eA== \(key)", "@unknown host \(key)", ", \(key)",
    "host ssh-ed25519 AAAA", "host ssh-ed25519 /////w==",
  ])
  func linesThatAreNoKeysAreSkipped(_ line: String) throws {
    let hosts = try KnownHosts(Array("# a comment\n\n\(line)\n".utf8))
    #expect(hosts.entries.isEmpty)
    #expect(hosts.unreadable == [3])
  }

  @Test func markersAreRead() throws {
    let hosts = try KnownHosts(Array("@cert-authority *.x \(Self.key) me\r\n@revoked * \(Self.key)\n".utf8))
    #expect(hosts.entries.map(\.marker) == [.certAuthority, .revoked])
  }

  /// `ssh-keygen -F` finds each of them.
  @Test(arguments: [
    "@cert-authority host \(key) \(String(repeating: "c", count: 70_000))", "@cert-authority host \(key)\0x",
    "@cert-authority x\r,host \(key)", "  @cert-authority host",
  ])
  func anAuthorityThatSSHMayReadIsNoted(_ line: String) throws {
    let hosts = try KnownHosts(Array("# a comment\n\(line)\n".utf8))
    #expect(hosts.entries.isEmpty)
    #expect(hosts.unreadable == [2] && hosts.unreadableAuthorities == [2])
  }

  @Test func aFileThatExhaustsIsRefused() {
    #expect(throws: RemoteError.self) { _ = try KnownHosts([UInt8](repeating: 10, count: KnownHosts.maximumLines + 1)) }
    #expect(throws: RemoteError.self) { _ = try KnownHosts([UInt8](repeating: 65, count: KnownHosts.maximumBytes + 1)) }
  }
}
