import Git
import Glibc
import MooringModel

/// The keys of a policy as their files hold them now: read once, and used as they were read.
struct KeyFiles: Sendable {
  /// The largest file of keys that is read, in bytes.
  static let maximumBytes = 16 << 20

  let allowedSigners: [UInt8]?
  let revokedKeys: [UInt8]?
  let openPGPKeys: [[UInt8]]
  /// The identity of all that a verdict depends on besides the commit.
  let digest: ObjectID

  /// - Throws: `Fault` for a file that can't be read.
  init(of policy: VerificationPolicy) throws {
    allowedSigners = try policy.sshAllowedSigners.map(Self.read)
    revokedKeys = try policy.sshRevokedKeys.map(Self.read)
    openPGPKeys = try policy.openPGPKeys.map(Self.read)
    var parts = [allowedSigners, revokedKeys].map { $0.map { [1] + $0 } ?? [0] } + openPGPKeys
    parts += policy.identities.map { Array($0.utf8) }
    // Of lengths and contents, so that no two policies are the same bytes.
    let counts = "\(openPGPKeys.count) \(parts.map { String($0.count) }.joined(separator: " "))\n"
    digest = try RawObject.blob(Array(counts.utf8) + parts.flatMap { $0 }).id
  }

  /// Keys that are at hand.
  init(allowedSigners: String, revokedKeys: String?) throws {
    self.allowedSigners = Array(allowedSigners.utf8)
    self.revokedKeys = try revokedKeys.map(Self.read)
    openPGPKeys = []
    digest = try RawObject.blob(self.allowedSigners ?? []).id
  }

  private static func read(_ path: String) throws(Fault) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw unreadable(path, "not a file")
    }
    var bytes: [UInt8] = []
    while bytes.count <= maximumBytes {
      var failure: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
        let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        failure = got < 0 ? errno : 0
        count = max(0, got)
      }
      if failure == EINTR { continue }
      // Half a list of revoked keys is not one that may be used.
      guard failure == 0 else { throw unreadable(path, String(cString: strerror(failure))) }
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
    throw unreadable(path, "larger than \(maximumBytes) bytes")
  }

  private static func unreadable(_ path: String, _ why: String) -> Fault {
    Fault(
      .configuration, "a file of `verify` can't be read: \(why)", at: path,
      remedy: "correct `verify` in the configuration, or the file")
  }
}
