import FoundationEssentials
import Git
import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// Reverts with a signature that the real git verifies.
@Suite(.inTurn) struct SignedRevertTests {
  private func rolledBack(_ signer: CommitSigner, moving: Bool = false) async throws -> (Site, LoopReport) {
    let transfer = Interposed()
    let site = try Site(["app/app.yaml": "a: 1\n", "app/b.yaml": "b: 1\n"])
    let workspace = try await site.workspace([.init(signer: signer)], transfer: transfer)
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"], "Bad")
    try await workspace.sync()
    if moving { transfer.beforeNextPushOfBranch { try site.push(["app/b.yaml": "b: 2\n"], "Quicker") } }
    let report = try await workspace.rollback()
    #expect(report.refusals.isEmpty, "\(report.said)")
    try site.pull()
    #expect(try site.author.git("show", "HEAD:app/app.yaml") == "a: 1")
    return (site, report)
  }

  @Test("by ssh-keygen, also where it lands on what somebody else pushed meanwhile", arguments: [false, true])
  func bySSH(moving: Bool) async throws {
    let keys = try SigningKeys()
    let signer = try await keys.ssh()
    try keys.folder.write("mooring namespaces=\"git\" \(signer.publicKey)\n", to: "allowed")
    let (site, report) = try await rolledBack(CommitSigner(.ssh(signer.key)), moving: moving)
    try site.author.git(
      "-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile=\(keys.folder["allowed"])", "verify-commit", "HEAD")
    #expect(!report.kinds.contains("alert"))
    #expect(try site.author.git("log", "-1", "--format=%B").contains("Mooring-Reason: it is bad"))
  }

  @Test func byGPG() async throws {
    let keys = try SigningKeys()
    let signer = try await keys.openPGP()
    let home = try #require(signer.environment["GNUPGHOME"])
    let (site, _) = try await rolledBack(CommitSigner(.openPGP(signer.key, home: home)))
    let shown = try site.author.git("cat-file", "commit", "HEAD")
    #expect(shown.contains("gpgsig -----BEGIN PGP SIGNATURE-----\n \n "), "\(shown)")
    try site.author.git("-c", "gpg.program=\(try keys.gpg(home))", "verify-commit", "HEAD")
  }

  @Test func aKeyThatIsNotThereDoesntKeepProductionFromBeingTakenBack() async throws {
    let (site, report) = try await rolledBack(CommitSigner(.ssh("/nonexistent/key")))
    #expect(site.live() == "a: 1\n")
    #expect(report.kinds.contains("alert"), "\(report.kinds)")
    #expect(try !site.author.git("cat-file", "commit", "HEAD").contains("gpgsig"))
  }
}

extension SigningKeys {
  /// A gpg that knows these keys, for git.
  fileprivate func gpg(_ home: String) throws -> String {
    try folder.write("#!/bin/sh\nexec gpg --homedir '\(home)' \"$@\"\n", to: "gpg")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder["gpg"])
    return folder["gpg"]
  }
}
