import Foundation
import MooringTestSupport
import Testing

/// Signed and unsigned commits, as the built program deals with them.
@Suite(.inTurn) struct VerificationTests {
  /// A machine that takes Ada's commits only, with one of hers in production; and Ada.
  private func guarded(_ keys: SigningKeys, openPGP: Bool = false) async throws -> (Machine, Signer) {
    let machine = try Machine()
    let ada = openPGP ? try await keys.openPGP() : try await keys.ssh()
    let line = openPGP ? ada.publicKey : "ada@example.com \(ada.publicKey)\n"
    try machine.folder.write(line, to: "keys/file")
    try machine.configure(environment: [
      "verify: { policy: required, \(openPGP ? "openPGPKeys" : "sshAllowedSigners"): keys/file }"
    ])
    try machine.author.commit("First", files: ["app/app.yaml": "a: 1\n"], signedBy: ada)
    try machine.publish()
    let answer = try await machine.mooring("run", "--once")
    #expect(answer.status == 0, "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    return (machine, ada)
  }

  @Test(arguments: [false, true]) func everyVerbSaysWhoSignedAndWhatIsKeptOut(_ openPGP: Bool) async throws {
    let keys = try SigningKeys()
    let (machine, ada) = try await guarded(keys, openPGP: openPGP)
    let shown = try await machine.mooring("show", "production")
    #expect(shown.output.contains("signed by") && shown.output.contains(ada.fingerprint), "\(shown)")
    let story = try await machine.story()
    #expect(story.contains("v1 released: First (Ada Lovelace); signed by"), "\(story)")

    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("run", "--once").errors.contains("not deployed"))
    #expect(try machine.live("app.yaml") == "a: 1\n")
    let status = try await machine.mooring("status", "production")
    #expect(status.status == 2 && status.output.contains("not deployed: v2, its commit"), "\(status)")
    let refused = try await machine.status()["refused"] as? [String: Any]
    #expect(refused?["release"] as? String == "v2")
    #expect((refused?["signature"] as? [String: Any])?["verdict"] as? String == "unsigned")
    let sync = try await machine.mooring("sync", "production", "--despite-hold")
    #expect(sync.status == 1 && sync.errors.contains("allowed signer"), "\(sync)")
    #expect(try await machine.mooring("releases", "production").output.contains("refused: its commit"))

    try machine.author.commit("Third", files: ["app/app.yaml": "a: 3\n"], signedBy: ada)
    try machine.publish()
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try machine.live("app.yaml") == "a: 3\n")
    #expect(try await machine.mooring("status").status == 0)
    let releases = try await machine.mooring("releases", "production", "--output", "json").output
    #expect(try await machine.mooring("index", "rebuild").status == 0)
    #expect(try await machine.mooring("releases", "production", "--output", "json").output == releases)
    #expect(try machine.fsck() == "")
  }

  @Test func aRollbackOfMooringsOwnPassesAndLeavesNothingToLookAt() async throws {
    let keys = try SigningKeys()
    let (machine, ada) = try await guarded(keys)
    try machine.author.commit("Second", files: ["app/app.yaml": "a: 2\n"], signedBy: ada)
    try machine.publish()
    #expect(try await machine.mooring("run", "--once").status == 0)
    let back = try await machine.mooring("rollback", "production", "--reason", "5xx", "--yes")
    #expect(back.status == 0, "\(back)")
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try await machine.mooring("status").status == 0)
    #expect(try await machine.story().contains("a revert of Mooring's own"))
  }

  @Test func withoutTheProgramNothingIsDeployedAndItIsSaid() async throws {
    let keys = try SigningKeys()
    let (machine, ada) = try await guarded(keys)
    try machine.author.commit("Second", files: ["app/app.yaml": "a: 2\n"], signedBy: ada)
    try machine.publish()
    let answer = try await machine.mooring(["run", "--once"], adding: ["PATH": "/nonexistent"])
    #expect(answer.errors.contains("install openssh-client"), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try machine.live("app.yaml") == "a: 2\n")
  }
}
