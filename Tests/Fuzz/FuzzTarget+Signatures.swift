import Git
import Mooring
import MooringModel

extension FuzzTarget {
  private static let id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
  private static let people = "author Ann <ann@example.com> 1 +0000\ncommitter Ann <ann@example.com> 1 +0000\n"
  private static let ssh = "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----\n"
  private static let key = "0123456789ABCDEF0123456789ABCDEF01234567"

  static let signatures: [FuzzTarget] = [
    FuzzTarget(
      name: "signature",
      seeds: [
        "tree \(id)\nparent \(id)\n\(people)\(ssh)\nChange it\n", "tree \(id)\n\(people)\nChange it\n",
        "tree \(id)\n\(people)mergetag object \(id)\n type commit\n \(ssh)encoding UTF-8\n\(ssh.replacing("SSH", with: "PGP"))\nx",
      ],
      words: [
        ssh, "gpgsig ", "gpgsig-sha256 ", "tree \(id)\n", "parent \(id)\n", people, "\n ", "\n\n", "mergetag ",
        "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----\n",
        "encoding ",
      ]
    ) { bytes in
      let signature = try bytes.withUnsafeBytes { try CommitSignatureParser.parse($0) }
      let (payload, armors) = taken(apart: bytes)
      hold(armors.count == (signature == nil ? 0 : 1), "\(armors.count) signatures were read as one or none")
      guard let signature else { return }
      hold(signature.armor == armors[0], "the signature isn't that of the commit")
      hold(signature.payload == payload, "what is signed isn't the commit without its signature")
      hold(
        signature.armor.split(separator: 10).count { $0.starts(with: Array("-----".utf8)) } == 2,
        "more than one signature in one header")
      var deployed = commit(bytes)
      hold(deployed?.isSigned != false, "it has a signature")
      deployed?.isSigned = false
      hold(commit(payload) == deployed, "what is signed is another commit than what is deployed")
    },
    FuzzTarget(
      name: "gpg-status",
      seeds: [
        """
        [GNUPG:] NEWSIG
        [GNUPG:] KEY_CONSIDERED \(key) 0
        [GNUPG:] GOODSIG 89ABCDEF01234567 Ann <ann@example.com>
        [GNUPG:] VALIDSIG \(key) 2026-01-01 1767225600 0 4 0 22 10 00 \(key)
        """
      ],
      words: [
        "[GNUPG:] ", "\n[GNUPG:] GOODSIG ", "VALIDSIG ", "NEWSIG", "BADSIG ", "EXPKEYSIG ", "REVKEYSIG ", "ERRSIG ",
        "NO_PUBKEY ", "\u{9B}", "\u{202E}", "\r", "\u{85}",
      ]
    ) { bytes in
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      let status = GPGStatus(lines)
      hold(status.verdict(exitedWell: false, complaint: "").verdict != .good, "good though gpg says that it isn't")
      let found = status.verdict(exitedWell: true, complaint: "")
      guard found.verdict == .good else { throw Refused() }
      let keywords = lines.filter { $0.hasPrefix("[GNUPG:] ") }.compactMap {
        $0.split(separator: " ").dropFirst().first
      }
      for keyword in ["NEWSIG", "GOODSIG", "VALIDSIG"] {
        hold(keywords.count { $0 == keyword } == 1, "good with more or less than one \(keyword)")
      }
      let bad = ["BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "KEYREVOKED", "NO_PUBKEY", "ERROR"]
      hold(!keywords.contains { bad.contains(String($0)) }, "good beside something bad")
      hold(found.signer.map(isHarmless) ?? true, "a signer's name that steers a terminal")
    },
  ]

  private struct Refused: Error {}

  /// The same as the parser does, by another way: the header's lines without those of `gpgsig`, and these as armor.
  private static func taken(apart bytes: [UInt8]) -> (payload: [UInt8], armors: [[UInt8]]) {
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    let end = lines.firstIndex { $0.isEmpty } ?? lines.count
    var (kept, armors, isSignature): ([ArraySlice<UInt8>], [[UInt8]], Bool) = ([], [], false)
    for line in lines[..<end] {
      if line.first == 32, isSignature {
        armors[armors.count - 1] += line.dropFirst() + [10]
        continue
      }
      isSignature = line.prefix { $0 != 32 }.elementsEqual("gpgsig".utf8)
      if isSignature { armors.append(line.dropFirst(7) + [10]) } else { kept.append(line) }
    }
    return (Array((kept + lines[end...]).joined(separator: [10])), armors)
  }

  private static func commit(_ bytes: [UInt8]) -> Commit? {
    bytes.withUnsafeBytes { Commit(id: .zero, decoding: $0) }
  }
}
