import Git
import MooringTestSupport
import Testing

/// Taking a commit apart into its signature and what it signs. Git itself is the oracle where it reads the same.
@Suite(.inTurn) struct CommitSignatureTests {
  private static let ssh = "-----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----"
  private static let people = "author A <a> 1 +0000\ncommitter A <a> 1 +0000\n"

  private func read(_ header: String, message: String = "m\n") throws -> CommitSignature? {
    let fixture = try GitFixture()
    try fixture.commit()
    let tree = try fixture.git("rev-parse", "HEAD^{tree}")
    let bytes = Array("\(header.replacing("TREE", with: tree))\n\(message)".utf8)
    return try fixture.open().signature(of: fixture.commit(object: bytes))
  }

  private func complaint(_ header: String) -> String {
    do {
      return try read(header) == nil ? "unsigned" : "signed"
    } catch {
      return "\(error)"
    }
  }

  @Test func anUnsignedCommitHasNone() throws {
    #expect(try read("tree TREE\n\(Self.people)") == nil)
  }

  @Test func theSignedBytesAreTheCommitWithoutTheSignature() async throws {
    let keys = try SigningKeys()
    let fixture = try GitFixture()
    for signer in [try await keys.ssh(), try await keys.openPGP()] {
      let commit = try fixture.commit("Ünïcode\n\ngpgsig not a header\n", files: ["a": "1"], signedBy: signer)
      let signature = try #require(try fixture.open().signature(of: commit))
      #expect(signature.kind.rawValue.lowercased() == signer.format)
      let object = try fixture.object(commit)
      let armor = Array("gpgsig ".utf8) + signature.armor.dropLast().flatMap { $0 == 10 ? [10, 32] : [$0] } + [10]
      let start = try #require(object.indices.first { object[$0...].starts(with: armor) })
      #expect(Array(object[..<start] + object[(start + armor.count)...]) == signature.payload)
    }
  }

  @Test func aSignedTagOfAMergeBelongsToWhatIsSigned() throws {
    let header =
      "tree TREE\n\(Self.people)mergetag object 1\n -----BEGIN SSH SIGNATURE-----\n x\nencoding UTF-8\ngpgsig \(Self.ssh)\n"
    let signature = try #require(try read(header, message: "gpgsig x\n more\n"))
    let text = String(decoding: signature.payload, as: UTF8.self)
    #expect(
      text.hasSuffix("mergetag object 1\n -----BEGIN SSH SIGNATURE-----\n x\nencoding UTF-8\n\ngpgsig x\n more\n"))
    #expect(signature.armor == Array(Self.ssh.replacing("\n ", with: "\n").utf8) + [10])
  }

  @Test(arguments: [
    ("gpgsig \(ssh)\ngpgsig \(ssh)\n", "more than one signature"),
    ("gpgsig \(ssh)\n \(ssh)\n", "more than one signature"),
    ("gpgsig \(ssh)\ngpgsig-sha256 \(ssh)\n", "SHA-256"), ("gpgsig-sha256 \(ssh)\n", "SHA-256"),
    ("gpgsig \n", "empty"), ("gpgsig\n", "empty"), ("gpgsig x\n", "neither SSH's nor OpenPGP's"),
    ("gpgsig -----BEGIN SIGNED MESSAGE-----\n x\n -----END SIGNED MESSAGE-----\n", "neither SSH's nor OpenPGP's"),
    ("gpgsig -----BEGIN SSH SIGNATURE-----\n x\n", "cut off"),
    ("gpgsig -----BEGIN SSH SIGNATURE-----\n x\n -----END PGP SIGNATURE-----\n", "cut off"),
    ("gpgsig -----BEGIN SSH SIGNATURE-----\n ü\n -----END SSH SIGNATURE-----\n", "printable ASCII"),
    (
      "gpgsig -----BEGIN SSH SIGNATURE-----\n \(String(repeating: "A", count: 70_000))\n -----END SSH SIGNATURE-----\n",
      "more than 65536 bytes"
    ),
    ("gpgsig \(ssh)\ncommitter E <e> 1 +0000\n", "not in the order"),
    ("gpgsig \(ssh)\ntree TREE\n", "not in the order"),
    ("x \0\n", "NUL"),
  ])
  func whatTwoProgramsCouldReadInTwoWaysIsRefused(_ lines: String, _ reason: String) {
    let said = complaint("tree TREE\n\(Self.people)\(lines)")
    #expect(said.contains(reason), "\(said)")
  }

  @Test(arguments: [
    "tree TREE\ngpgsig \(ssh)\n\(people)",
    "tree TREE\nauthor A <a> 1 +0000\ngpgsig \(ssh)\ncommitter A <a> 1 +0000\n",
    "tree TREE\nauthor A\ngpgsig \(ssh)\n <a> 1 +0000\ncommitter A <a> 1 +0000\n", "tree TREE\ntree TREE\n\(people)",
  ])
  func aHeaderSlippedInBeforeTheCommitterIsRefused(_ header: String) {
    #expect(complaint(header).contains("not in the order"))
  }

  @Test func aCommitWithoutAnEndOfItsHeaderIsRefused() throws {
    let fixture = try GitFixture()
    let commit = try fixture.commit(object: Array("tree \(try emptyTree(fixture))\n\(Self.people)".utf8))
    #expect(throws: GitError.self) { try fixture.open().signature(of: commit) }
  }

  @Test func anOversizedCommitIsRefused() throws {
    let fixture = try GitFixture()
    let text = "tree \(try emptyTree(fixture))\n\(Self.people)\n"
    let commit = try fixture.commit(object: Array(text.utf8) + [UInt8](repeating: 65, count: 5 << 20))
    #expect(throws: GitError.self) { try fixture.open().signature(of: commit) }
  }

  private func emptyTree(_ fixture: GitFixture) throws -> String { try fixture.git("mktree") }
}
