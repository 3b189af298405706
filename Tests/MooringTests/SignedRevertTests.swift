import FoundationEssentials
import Git
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

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

extension SignedRevertTests {
  enum Key: CaseIterable { case none, missing, good }

  @Test(
    "from another machine goes where its owner requires signatures only if it can be signed", arguments: Key.allCases)
  func fromAnotherMachine(_ key: Key) async throws {
    let site = try Site(["app/app.yaml": "a: 1\n"])
    let owner = try await site.workspace()
    try await owner.sync()
    let bad = try site.push(["app/app.yaml": "a: 2\n"], "Bad")
    try await owner.sync()
    let keys = try SigningKeys()
    let signer: CommitSigner? =
      switch key {
      case .none: nil
      case .missing: CommitSigner(.ssh("/nonexistent/key"))
      case .good: CommitSigner(.ssh(try await keys.ssh().key))
      }
    let context = try await site.workspace([.init(verification: VerificationPolicy(.required), signer: signer)])
      .context()
    let request = try await context.revertRequest(.previous, reason: "5xx", by: Site.person, includeShared: false)
    let distant = DistantRollback(context: context, observer: { _ in }, patience: .zero)
    guard key == .good else {
      let fault = await #expect(throws: Fault.self) { try await distant.carryOut(request) }
      let said = key == .none ? "name a key with `rollback.sign`" : "a revert can't be signed"
      #expect(fault?.description.contains(said) == true, "\(fault as Any)")
      #expect(try site.remote.id("main") == bad, "nothing was pushed")
      return
    }
    let report = try await distant.carryOut(request)
    guard case .rollbackFinished(let finished)? = report.events.last?.payload else { throw CancellationError() }
    #expect(finished.outcome == .unconfirmed && finished.pushed, "\(finished)")
    #expect(
      finished.detail?.hasPrefix("the revert is on the branch, and its owner has not said") == true, "\(finished)")
    try site.pull()
    #expect(try site.author.git("cat-file", "commit", "HEAD").contains("gpgsig -----BEGIN SSH SIGNATURE-----"))
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
