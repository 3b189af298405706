package import MooringModel

/// What `gpg --status-fd` says of one verification; the only lines of gpg that count.
///
/// Format: GnuPG's doc/DETAILS, "Format of the --status-fd output".
package struct GPGStatus {
  private static let prefix = "[GNUPG:] "

  private var counts: [String: Int] = [:]
  private var user: String?
  private var valid: [String] = []
  private var key: String?

  package init(_ lines: [String]) {
    for line in lines where line.hasPrefix(Self.prefix) {
      let words = line.dropFirst(Self.prefix.count).split(separator: " ").map(String.init)
      guard let keyword = words.first else { continue }
      counts[keyword, default: 0] += 1
      switch keyword {
      case "VALIDSIG": valid = Array(words.dropFirst())
      case "GOODSIG": user = words.dropFirst(2).joined(separator: " ")
      case "ERRSIG", "BADSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG": key = words.count > 1 ? words[1] : nil
      default: break
      }
    }
  }

  /// - Parameter exitedWell: Whether gpg exited with status 0.
  package func verdict(exitedWell: Bool, complaint: String) -> ReleaseSignature {
    func refuse(_ verdict: SignatureVerdict, _ reason: String) -> ReleaseSignature {
      ReleaseSignature(verdict, kind: .openPGP, fingerprint: primary ?? key, reason: reason)
    }
    if has("BADSIG") { return refuse(.bad, "the signature is not one of this commit") }
    if has("REVKEYSIG") || has("KEYREVOKED") { return refuse(.revoked, "the key is revoked") }
    if has("EXPKEYSIG") { return refuse(.expired, "the key has expired") }
    if has("EXPSIG") { return refuse(.expired, "the signature has expired") }
    if has("NO_PUBKEY") { return refuse(.unknownSigner, "the key is not among `openPGPKeys`") }
    guard exitedWell, !has("ERRSIG"), !has("ERROR"), once("NEWSIG"), once("GOODSIG"), once("VALIDSIG") else {
      return refuse(.bad, complaint.isEmpty ? "gpg says nothing good of it" : complaint)
    }
    // The fields: fingerprint, date, time, expiry, version, reserved, key algorithm, hash, class, primary key.
    guard valid.count >= 10, let fingerprint = primary else { return refuse(.bad, "gpg doesn't say which key it was") }
    // RFC 4880, 9.4: MD5, SHA-1 and RIPEMD-160, of which collisions can be bought.
    guard !["1", "2", "3"].contains(valid[7]) else { return refuse(.bad, "it is made with a broken hash") }
    guard ["00", "01"].contains(valid[8]) else { return refuse(.bad, "it is not a signature of a document") }
    return ReleaseSignature(.good, kind: .openPGP, signer: user.map(Self.plain), fingerprint: fingerprint)
  }

  private var primary: String? { valid.count >= 10 ? valid[9] : nil }
  private func has(_ keyword: String) -> Bool { counts[keyword] != nil }
  private func once(_ keyword: String) -> Bool { counts[keyword] == 1 }

  /// A key's owner chose these letters.
  private static func plain(_ name: String) -> String {
    let kept = name.unicodeScalars.filter { scalar in
      scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl
    }
    return String(String(String.UnicodeScalarView(kept)).prefix(200))
  }
}
