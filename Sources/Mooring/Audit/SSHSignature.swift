import Crypto
import FoundationEssentials

/// A signature over a message in OpenSSH's format (PROTOCOL.sshsig), by an Ed25519 key: as `ssh-keygen -Y sign` makes it,
/// without a process for each.
struct SSHSignature {
  private static let magic = Array("SSHSIG".utf8)
  private static let algorithm = "ssh-ed25519"
  /// Where Git asks for it.
  private static let namespace = "git"
  private static let heading = "-----BEGIN SSH SIGNATURE-----"
  private static let ending = "-----END SSH SIGNATURE-----"

  /// The public key as SSH writes it.
  let publicKey: [UInt8]
  private let signature: [UInt8]
  private let hash: String

  init(of message: [UInt8], by key: SSHSigningKey) throws {
    publicKey = key.publicKey
    hash = "sha512"
    signature = Array(try key.sign(Self.signed(message, hash: hash) ?? []))
  }

  /// Reads an armored one; `nil` where it is none of an Ed25519 key for Git.
  init?(armor: [UInt8]) {
    let lines = String(decoding: armor, as: UTF8.self).split(separator: "\n")
    guard lines.first == Self.heading[...], lines.last == Self.ending[...],
      let data = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { return nil }
    var reader = SSHReader(Array(data))
    guard reader.take(6) == Self.magic, reader.number() == 1, let key = reader.string(),
      reader.text() == Self.namespace, reader.string() != nil, let hash = reader.text(), let blob = reader.string(),
      reader.isAtEnd
    else { return nil }
    var inner = SSHReader(blob)
    guard inner.text() == Self.algorithm, let signature = inner.string(), inner.isAtEnd else { return nil }
    (publicKey, self.hash, self.signature) = (key, hash, signature)
  }

  var armor: [UInt8] {
    var inner: [UInt8] = []
    inner.append(sshString: Self.algorithm.utf8)
    inner.append(sshString: signature)
    var blob = Self.magic
    blob.append(sshNumber: 1)
    blob.append(sshString: publicKey)
    blob.append(sshString: Self.namespace.utf8)
    blob.append(sshString: [])
    blob.append(sshString: hash.utf8)
    blob.append(sshString: inner)
    let text = Array(Data(blob).base64EncodedString())
    let lines = stride(from: 0, to: text.count, by: 70).map { String(text[$0..<min($0 + 70, text.count)]) }
    return Array(([Self.heading] + lines + [Self.ending]).joined(separator: "\n").utf8)
  }

  /// Whether it is one of this message by its key. Whose key that is, is another question.
  func isSound(of message: [UInt8]) -> Bool {
    var reader = SSHReader(publicKey)
    guard reader.text() == Self.algorithm, let raw = reader.string(), reader.isAtEnd,
      let signed = Self.signed(message, hash: hash),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
    else { return false }
    return key.isValidSignature(signature, for: signed)
  }

  private static func signed(_ message: [UInt8], hash: String) -> [UInt8]? {
    let digest: [UInt8]
    switch hash {
    case "sha512": digest = Array(SHA512.hash(data: message))
    case "sha256": digest = Array(SHA256.hash(data: message))
    default: return nil
    }
    var bytes = magic
    bytes.append(sshString: namespace.utf8)
    bytes.append(sshString: [])
    bytes.append(sshString: hash.utf8)
    bytes.append(sshString: digest)
    return bytes
  }
}
