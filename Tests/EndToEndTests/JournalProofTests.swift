import Foundation
import MooringTestSupport
import Testing

/// Journals that are signed and time-stamped, and what becomes of those who rewrite them.
@Suite("Proof of a journal", .inTurn) struct JournalProofTests {
  private let keys: SigningKeys

  init() throws { keys = try SigningKeys() }

  private var journal: String { "refs/mooring/journal/production" }

  private func machine(journal options: String) async throws -> Machine {
    let machine = try Machine(["app.yaml": "port: 8080\n"])
    try machine.configure(journal: "{ push: false, \(options) }")
    #expect(try await machine.mooring("sync", "production").status == 0)
    return machine
  }

  @discardableResult
  private func git(_ machine: Machine, _ arguments: String..., input: String = "") throws -> String {
    try machine.author.git(
      ["--git-dir", machine.state + "/repositories/config.git"] + arguments, input: Array(input.utf8))
  }

  private func commits(_ machine: Machine) throws -> [String] {
    try git(machine, "log", "--first-parent", "--reverse", "--format=%H", journal).split(separator: "\n").map(
      String.init)
  }

  /// Makes the whole journal anew, without signatures, and has the index follow.
  private func rewrite(_ machine: Machine, leavingOut left: (String) -> Bool = { _ in false }) throws {
    var parent: String?
    for commit in try commits(machine) where !left(try git(machine, "log", "-1", "--format=%s", commit)) {
      let all = try git(machine, "cat-file", "commit", commit)
      let end = try #require(all.firstRange(of: "\n\n")).lowerBound
      var isSignature = false
      let header = all[..<end].split(separator: "\n").filter { line in
        isSignature = line.hasPrefix("gpgsig ") || (isSignature && line.hasPrefix(" "))
        return !isSignature && !line.hasPrefix("parent ")
      }
      let others = all[..<end].split(separator: "\n").filter { $0.hasPrefix("parent ") }.dropFirst(
        parent == nil ? 0 : 1)
      let parents = (parent.map { ["parent \($0)"] } ?? []) + others.map(String.init)
      let lines = [String(header[0])] + parents + header.dropFirst().map(String.init)
      parent = try git(
        machine, "hash-object", "-w", "-t", "commit", "--stdin",
        input: lines.joined(separator: "\n") + all[end...] + "\n")
    }
    try git(machine, "update-ref", journal, try #require(parent))
    for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: machine.state + "/" + name)
    }
  }

  @Test("git and ssh-keygen agree with every signature; without them it doesn't hold")
  func signatures() async throws {
    let signer = try await keys.ssh("journal")
    let machine = try await machine(journal: "sign: { key: \(signer.key) }")
    try machine.folder.write("me namespaces=\"git\" \(signer.publicKey)\n", to: "signers")
    for commit in try commits(machine) {
      try git(machine, "-c", "gpg.ssh.allowedSignersFile=\(machine.folder["signers"])", "verify-commit", commit)
    }
    let good = try await machine.mooring("audit", "verify")
    #expect(good.status == 0 && good.output.contains("commits are signed by keys that are allowed to"), "\(good)")
    #expect(try machine.fsck() == "")

    try rewrite(machine)
    let bad = try await machine.mooring("audit", "verify")
    #expect(bad.status == 2 && bad.output.contains("it doesn't hold from here on: catalogue"), "\(bad)")
    #expect(bad.output.contains("it isn't signed"), "\(bad)")
  }

  @Test("somebody else's key, a revoked one, and one event that was signed before are told apart")
  func otherKeys() async throws {
    let (own, other) = (try await keys.ssh("own"), try await keys.ssh("other"))
    let machine = try await machine(journal: "sign: { key: \(other.key) }")
    try machine.folder.write("me namespaces=\"git\" \(own.publicKey)\n", to: "signers")
    try machine.configure(journal: "{ push: false, sign: { allowedSigners: \(machine.folder["signers"]) } }")
    let stranger = try await machine.mooring("audit", "verify")
    #expect(stranger.status == 2 && stranger.output.contains("signed by an unknown key"), "\(stranger)")
    try machine.folder.write(other.publicKey + "\n", to: "revoked")
    try machine.configure(
      journal: "{ push: false, sign: { key: \(other.key), revokedKeys: \(machine.folder["revoked"]) } }")
    let revoked = try await machine.mooring("audit", "verify")
    // `ssh-keygen` says of some versions only that it doesn't verify.
    let words = ["revoked", "badly signed"]
    #expect(revoked.status == 2 && words.contains { revoked.output.contains($0) }, "\(revoked)")
  }

  @Test("signing that began later is said so, and what is older needs no signature")
  func since() async throws {
    let signer = try await keys.ssh("later")
    let machine = try await machine(journal: "sign: { key: \(signer.key), since: 2100-01-01 }")
    try rewrite(machine)
    let answer = try await machine.mooring("audit", "verify")
    #expect(answer.status == 0, "\(answer)")
  }

  @Test("a key that can't be used records nothing, and says why without its content")
  func badKeys() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.folder.write("nonsense-hunter2", to: "key")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: machine.folder["key"])
    try machine.configure(journal: "{ push: false, sign: { key: \(machine.folder["key"]) } }")
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1 && answer.errors.contains("it is no private key in OpenSSH's format"), "\(answer)")
    #expect(!answer.errors.contains("hunter2"))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: machine.folder["key"])
    #expect(try await machine.mooring("sync", "production").errors.contains("others may read it"))
    #expect(try machine.live("app.yaml") == nil)
  }

  @Test("an authority's time-stamp proves what stands before it; made anew, it can't be had for the past")
  func timestamps() async throws {
    let authority = try await TimestampServer()
    let options = "timestamp: { url: \"\(authority.url)\", authorities: \(authority.authorities), every: 1s }"
    let machine = try await machine(journal: options)
    let answer = try await machine.mooring("audit", "anchor", "production")
    #expect(answer.status == 0 && answer.output.contains("time-stamped at 20"), "\(answer)")
    #expect(try await machine.mooring("audit", "anchor", "production").output.contains("nothing new"))
    let good = try await machine.mooring("audit", "verify")
    #expect(good.status == 0 && good.output.contains("1 time-stamps by 127.0.0.1"), "\(good)")

    // By hand, as the documentation says.
    let event = try git(machine, "show", "\(journal):event.json")
    let payload = try #require(
      (try JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any])?["payload"] as? [String: String])
    try Data(base64Encoded: payload["token"] ?? "")?.write(to: URL(filePath: machine.folder["reply"]))
    let check = Process()
    check.executableURL = URL(filePath: "/usr/bin/openssl")
    check.arguments =
      ["ts", "-verify", "-in", machine.folder["reply"], "-digest", payload["digest"] ?? ""]
      + ["-CAfile", authority.authorities]
    (check.standardOutput, check.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)

    try rewrite(machine) { $0.contains("deploying") || $0.contains("verified") }
    let edited = try await machine.mooring("audit", "verify")
    #expect(edited.status == 2 && edited.output.contains("which the journal doesn't have"), "\(edited)")
  }

  @Test("an authority that doesn't answer, or isn't ours, is said to be that")
  func otherAuthorities() async throws {
    let (authority, other) = (try await TimestampServer(), try await TimestampServer())
    let machine = try await machine(
      journal: "timestamp: { url: \"\(authority.url)\", authorities: \(other.authorities) }")
    let foreign = try await machine.mooring("audit", "anchor", "production")
    #expect(foreign.status == 1 && foreign.errors.contains("the time-stamp doesn't verify"), "\(foreign)")
    let port = try FreePort.find()
    try machine.configure(
      journal: "{ push: false, timestamp: { url: \"http://127.0.0.1:\(port)/\", authorities: \(other.authorities) } }")
    let silent = try await machine.mooring("audit", "anchor", "production")
    #expect(silent.status == 1 && silent.errors.contains("the connection was refused"), "\(silent)")
    #expect(
      try await machine.mooring("log", "production", "--kind", "anchored").output.contains("nothing in the story"))
  }

  @Test("the watcher has journals time-stamped by itself")
  func watched() async throws {
    let authority = try await TimestampServer()
    let machine = try await machine(
      journal: "timestamp: { url: \"\(authority.url)\", authorities: \(authority.authorities), every: 1s }")
    try await machine.watching { _ in
      try await machine.until("a time-stamp") { try await machine.story().contains("time-stamped") }
    }
  }
}
