import Crypto
import FoundationEssentials
import Glibc
import MooringModel
import Synchronization

/// A private key that journals are signed with: Ed25519, in OpenSSH's format (PROTOCOL.key), without a passphrase.
struct SSHSigningKey: Sendable {
  private static let heading = "-----BEGIN OPENSSH PRIVATE KEY-----"
  private static let ending = "-----END OPENSSH PRIVATE KEY-----"
  private static let magic = Array("openssh-key-v1\0".utf8)
  private static let remedy = "make one with `ssh-keygen -t ed25519 -N '' -f FILE`, readable by its owner alone"

  /// As SSH writes it.
  let publicKey: [UInt8]
  private let key: Curve25519.Signing.PrivateKey

  /// - Throws: `Fault`, which says nothing of the file's content.
  init(file path: String) throws(Fault) {
    var status = stat()
    guard stat(path, &status) == 0, let bytes = BoundedFile.bytes(at: path, limit: 1 << 16) else {
      throw Self.unusable(path, "it can't be read")
    }
    guard status.st_mode & 0o077 == 0 else { throw Self.unusable(path, "others may read it") }
    let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard text.first == Self.heading[...], text.last == Self.ending[...],
      let data = Data(base64Encoded: text.dropFirst().dropLast().joined())
    else { throw Self.unusable(path, "it is no private key in OpenSSH's format") }
    guard let (publicKey, seed) = try Self.parse(Array(data), path),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else { throw Self.unusable(path, "it is damaged") }
    (self.publicKey, self.key) = (publicKey, key)
  }

  func sign(_ bytes: [UInt8]) throws -> Data { try key.signature(for: bytes) }

  /// A line for a file of allowed signers: this key alone, for what Git signs.
  var allowedSigner: String {
    "journal@mooring namespaces=\"git\" ssh-ed25519 \(Data(publicKey).base64EncodedString())\n"
  }

  private static func parse(_ bytes: [UInt8], _ path: String) throws(Fault) -> (publicKey: [UInt8], seed: [UInt8])? {
    var reader = SSHReader(bytes)
    guard reader.take(magic.count) == magic, let cipher = reader.text(), reader.string() != nil,
      reader.string() != nil, reader.number() == 1, let publicKey = reader.string(), let hidden = reader.string()
    else { return nil }
    guard cipher == "none" else { throw unusable(path, "it has a passphrase, which nobody could give a watcher") }
    var inner = SSHReader(hidden)
    guard let check = inner.number(), check == inner.number(), let kind = inner.text() else { return nil }
    guard kind == "ssh-ed25519" else { throw unusable(path, "it is of the kind \(kind.prefix(40)), and not Ed25519") }
    guard let raw = inner.string(), raw.count == 32, let pair = inner.string(), pair.count == 64,
      Array(pair.suffix(32)) == raw
    else { return nil }
    return (publicKey, Array(pair.prefix(32)))
  }

  private static func unusable(_ path: String, _ why: String) -> Fault {
    Fault(.configuration, "the journal's key can't be used: \(why)", at: path, remedy: remedy)
  }
}

/// The journal's key, read when the first event is signed, and kept.
final class JournalKey: Sendable {
  private let path: String
  private let key = Mutex<SSHSigningKey?>(nil)

  private init(path: String) { self.path = path }

  /// Makes signatures with the key that is configured; `nil` where none is.
  static func signer(_ signing: JournalSigning?) -> (@Sendable ([UInt8]) throws -> [UInt8])? {
    guard let path = signing?.key else { return nil }
    let key = JournalKey(path: path)
    return { commit in try key.signature(of: commit) }
  }

  /// The armored signature of a commit's bytes.
  func signature(of commit: [UInt8]) throws -> [UInt8] {
    let key = try self.key.withLock { key in
      if let key { return key }
      let read = try SSHSigningKey(file: path)
      key = read
      return read
    }
    return try SSHSignature(of: commit, by: key).armor
  }
}
