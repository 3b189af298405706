import Git
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// Verdicts on signatures that the real `git commit -S` made, beside those of `git verify-commit`.
@Suite(.inTurn) struct CommitVerifierTests {
  private func verdict(
    _ bench: SigningBench, _ commit: ObjectID, _ policy: VerificationPolicy, _ verifier: CommitVerifier = .init()
  ) async throws -> ReleaseSignature {
    try await verifier.verify(commit, in: bench.fixture.open(), under: policy)
  }

  @Test(arguments: ["ed25519", "rsa", "ecdsa"]) func anAllowedSSHKeyIsGood(_ type: String) async throws {
    let bench = try SigningBench()
    let ada = try await bench.keys.ssh(type: type)
    let commit = try bench.fixture.commit("Ünïcode", signedBy: ada)
    let policy = try bench.allowing(SigningBench.line(ada, "namespaces=\"git\""))
    let found = try await verdict(bench, commit, policy)
    #expect(
      found == ReleaseSignature(.good, kind: .ssh, signer: "ada@example.com", fingerprint: ada.fingerprint))
    #expect(try bench.gitAccepts(commit, policy, ada))
  }

  @Test(arguments: ["ed25519", "rsa2048"]) func aConfiguredOpenPGPKeyIsGood(_ algorithm: String) async throws {
    let bench = try SigningBench()
    let ada = try await bench.keys.openPGP(algorithm: algorithm)
    let other = try await bench.keys.openPGP("Bo <bo@example.com>", algorithm: algorithm)
    let commit = try bench.fixture.commit(signedBy: ada)
    let policy = try bench.allowing(openPGP: other.publicKey, ada.publicKey)
    let found = try await verdict(bench, commit, policy)
    #expect(
      found
        == ReleaseSignature(
          .good, kind: .openPGP, signer: "Ada Lovelace <ada@example.com>", fingerprint: ada.fingerprint))
    #expect(try bench.gitAccepts(commit, policy, ada))
  }

  @Test func noSignatureAndUnknownKeysAreSaidAsSuch() async throws {
    let bench = try SigningBench()
    let (ada, mallory) = (try await bench.keys.ssh(), try await bench.keys.ssh("mallory"))
    let policy = try bench.allowing(SigningBench.line(ada))
    #expect(try await verdict(bench, bench.fixture.commit(), policy).verdict == .unsigned)
    let found = try await verdict(bench, bench.fixture.commit(signedBy: mallory), policy)
    #expect(found.verdict == .unknownSigner && found.fingerprint == mallory.fingerprint && found.signer == nil)
    let pgp = try await bench.keys.openPGP()
    let signed = try bench.fixture.commit(signedBy: pgp)
    #expect(try await verdict(bench, signed, policy).verdict == .unknownSigner)
    let bo = try await bench.keys.openPGP("Bo <bo@example.com>")
    #expect(try await verdict(bench, signed, bench.allowing(openPGP: bo.publicKey)).verdict == .unknownSigner)
  }

  @Test(arguments: [
    ("valid-before=\"20230101Z\"", SignatureVerdict.expired), ("valid-after=\"20250101Z\"", .expired),
    ("namespaces=\"file\"", .bad), ("valid-after=\"20230101Z\",valid-before=\"20250101Z\"", .good),
  ])
  func theAllowedSignersFileDecidesWhenAndForWhatAKeyCounts(_ options: String, _ expected: SignatureVerdict)
    async throws
  {
    let bench = try SigningBench()
    let ada = try await bench.keys.ssh()
    let commit = try bench.fixture.commit(signedBy: ada)
    let policy = try bench.allowing(SigningBench.line(ada, options))
    let found = try await verdict(bench, commit, policy)
    #expect(found.verdict == expected, "\(found)")
    #expect(found.reason?.contains("/mooring-verify") != true, "no path of a temporary folder: \(found)")
    #expect(try bench.gitAccepts(commit, policy, ada) == (expected == .good))
  }

  @Test func aRevokedSSHKeyIsSaidAsSuch() async throws {
    let bench = try SigningBench()
    let ada = try await bench.keys.ssh()
    let commit = try bench.fixture.commit(signedBy: ada)
    let policy = try bench.allowing(SigningBench.line(ada), revoking: ada.publicKey)
    let found = try await verdict(bench, commit, policy)
    #expect(found.verdict == .revoked || found.verdict == .bad, "\(found)")
    #expect(try !bench.gitAccepts(commit, policy, ada))
  }

  @Test func expiredAndRevokedOpenPGPKeysAreSaidAsSuch() async throws {
    let bench = try SigningBench()
    let (ada, bo) = (try await bench.keys.openPGP(), try await bench.keys.openPGP("Bo <bo@example.com>"))
    let (byAda, byBo) = (try bench.fixture.commit(signedBy: ada), try bench.fixture.commit(signedBy: bo))
    let policy = try bench.allowing(openPGP: try await bench.keys.expired(ada), try await bench.keys.revoked(bo))
    #expect(try await verdict(bench, byAda, policy).verdict == .expired)
    #expect(try await verdict(bench, byBo, policy).verdict == .revoked)
    #expect(try !bench.gitAccepts(byAda, policy, ada) && !bench.gitAccepts(byBo, policy, bo))
  }

  @Test func aCertificateOfATrustedAuthorityIsGoodForItsPrincipal() async throws {
    let bench = try SigningBench()
    let authority = try await bench.keys.ssh("authority")
    let ada = try await bench.keys.certified(bench.keys.ssh(), by: authority, principal: "ada@example.com")
    let commit = try bench.fixture.commit(signedBy: ada)
    let good = try bench.allowing(SigningBench.line(authority, "cert-authority"))
    #expect(try await verdict(bench, commit, good).signer == "ada@example.com")
    let other = try bench.allowing(SigningBench.line(authority, "cert-authority", as: "bo@example.com"))
    #expect(try await !verdict(bench, commit, other).verdict.isAccepted, "wrong principal")
  }

  @Test func aSignatureOfAnotherCommitOrOfAChangedOneIsBad() async throws {
    let bench = try SigningBench()
    for signer in [try await bench.keys.ssh(), try await bench.keys.openPGP()] {
      let policy =
        signer.format == "ssh"
        ? try bench.allowing(SigningBench.line(signer)) : try bench.allowing(openPGP: signer.publicKey)
      let signed = try bench.fixture.commit("Good words", signedBy: signer)
      #expect(try await verdict(bench, signed, policy).verdict == .good)
      let tampered = try bench.changed(signed, "Good words", to: "Evil words")
      let forged = try bench.changed(signed, "author Ada Lovelace", to: "author Bo")
      let armor = try #require(try bench.fixture.open().signature(of: signed)).armor
      let swapped = try bench.grafted(armor, onto: bench.fixture.commit("Another"))
      for commit in [tampered, forged, swapped] {
        #expect(commit != signed)
        #expect(try await verdict(bench, commit, policy).verdict == .bad)
        #expect(try !bench.gitAccepts(commit, policy, signer))
      }
    }
  }

  @Test func aSignatureForAnotherPurposeIsBad() async throws {
    let bench = try SigningBench()
    let ada = try await bench.keys.ssh()
    let unsigned = try bench.fixture.commit()
    let text = String(decoding: try bench.fixture.object(unsigned), as: UTF8.self)
    let policy = try bench.allowing(SigningBench.line(ada))
    for (namespace, expected) in [("git", SignatureVerdict.good), ("file", .bad)] {
      let armor = try await bench.keys.sign(text, with: ada, namespace: namespace)
      let commit = try bench.grafted(Array(armor.utf8), onto: unsigned)
      #expect(try await verdict(bench, commit, policy).verdict == expected)
    }
  }

  @Test func headersAndLineFeedsInNamesMakeNothingGood() async throws {
    let bench = try SigningBench()
    let ada = try await bench.keys.ssh()
    let policy = try bench.allowing(SigningBench.line(ada))
    let signed = try bench.fixture.commit(signedBy: ada)
    let armor = try #require(try bench.fixture.open().signature(of: signed)).armor
    let header = "gpgsig " + String(decoding: armor.dropLast(), as: UTF8.self).replacing("\n", with: "\n ")
    for injected in ["author \(header)\nx ", "author Ada\n\(header)\nauthor "] {
      let object = String(decoding: try bench.fixture.object(bench.fixture.commit()), as: UTF8.self)
      let id = try bench.fixture.git(
        ["hash-object", "-w", "-t", "commit", "--literally", "--stdin"],
        input: Array(object.replacing("author ", with: injected).utf8))
      let commit = try #require(ObjectID(hex: id))
      #expect(try await verdict(bench, commit, policy).verdict == .bad)
    }
  }

  @Test func onlyTheNamedIdentitiesCount() async throws {
    let bench = try SigningBench()
    let (ada, bo) = (try await bench.keys.ssh(), try await bench.keys.ssh("bo"))
    var policy = try bench.allowing(SigningBench.line(ada), SigningBench.line(bo, as: "bo@example.com"))
    policy.identities = ["bo@example.com"]
    let byAda = try bench.fixture.commit(signedBy: ada)
    #expect(try await verdict(bench, byAda, policy).verdict == .unknownSigner)
    #expect(try await verdict(bench, bench.fixture.commit(signedBy: bo), policy).verdict == .good)
    policy.identities = [ada.fingerprint]
    #expect(try await verdict(bench, byAda, policy).verdict == .good)
  }

  @Test func aVerdictIsRememberedForTheKeysThatItWasFoundWith() async throws {
    let bench = try SigningBench()
    let ada = try await bench.keys.ssh()
    let verifier = CommitVerifier()
    let commit = try bench.fixture.commit(signedBy: ada)
    let repository = try bench.fixture.open()
    let policy = try bench.allowing("# nobody\n")
    #expect(try await verifier.verify(commit, in: repository, under: policy).verdict == .unknownSigner)
    _ = try bench.allowing(SigningBench.line(ada))
    #expect(try await verifier.verify(commit, in: repository, under: policy).verdict == .good)
    _ = try bench.allowing(SigningBench.line(ada, "namespaces=\"file\""))
    #expect(try await verifier.verify(commit, in: repository, under: policy).verdict == .bad)
  }

  @Test func keysThatCannotBeReadLeaveNothingVerified() async throws {
    let bench = try SigningBench()
    let ada = try await bench.keys.ssh()
    let commit = try bench.fixture.commit(signedBy: ada)
    for path in ["/nonexistent/signers", "/", "/dev/zero"] {
      let found = try await verdict(bench, commit, VerificationPolicy(.required, sshAllowedSigners: path))
      #expect(found.verdict == .unverifiable && found.reason?.contains(path) == true, "\(found)")
    }
    let broken = try bench.allowing(openPGP: "not a key\n")
    let signed = try bench.fixture.commit(signedBy: try await bench.keys.openPGP())
    #expect(try await verdict(bench, signed, broken).verdict == .unverifiable)
  }

  @Test(arguments: [
    ["[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A x", "[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A x"],
    ["[GNUPG:] GOODSIG A x"], [], ["gpg: [GNUPG:] GOODSIG A x"],
    ["[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A x", "[GNUPG:] VALIDSIG F d 1 0 4 0 22 2 00 P"],
    ["[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A x", "[GNUPG:] VALIDSIG F d 1 0 4 0 22 10 13 P"],
    ["[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A x", "[GNUPG:] VALIDSIG F"],
    ["[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A x", "[GNUPG:] VALIDSIG F d 1 0 4 0 22 10 00 P", "[GNUPG:] BADSIG B y"],
  ])
  func onlyExactlyOneSoundSignatureOfGPGsCounts(_ lines: [String]) {
    #expect(GPGStatus(lines).verdict(exitedWell: true, complaint: "").verdict == .bad)
    let good = ["[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A x", "[GNUPG:] VALIDSIG F d 1 0 4 0 22 10 00 P"]
    #expect(GPGStatus(good).verdict(exitedWell: true, complaint: "").verdict == .good)
    #expect(GPGStatus(good).verdict(exitedWell: false, complaint: "").verdict == .bad)
  }

  @Test func anOpenPGPSignersNameSteersNoTerminal() {
    let lines = [
      "[GNUPG:] NEWSIG", "[GNUPG:] GOODSIG A Ann\u{9B}2J\u{202E} Ö", "[GNUPG:] VALIDSIG F d 1 0 4 0 22 10 00 P",
    ]
    #expect(GPGStatus(lines).verdict(exitedWell: true, complaint: "").signer == "Ann2J Ö")
  }
}
