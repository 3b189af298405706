import Crypto

/// A public key of a host (RFC 4253, 6.6), as far as it is compared.
public struct HostKey: Sendable, Hashable, CustomStringConvertible {
  /// `ssh-ed25519`
  public let type: String
  public let blob: [UInt8]

  /// The longest that is read, in bytes; an RSA key of 16384 bits has 2100.
  static let maximumBytes = 16_384

  /// `nil` where the blob isn't a key of this type.
  public init?(type: String, base64: String) {
    guard base64.utf8.count <= 2 * Self.maximumBytes, let blob = Base64.decoded(base64) else { return nil }
    guard blob.count <= Self.maximumBytes, Self.type(in: blob) == type else { return nil }
    self.type = type
    self.blob = blob
  }

  /// The string that every blob starts with: four bytes of length, then the type.
  private static func type(in blob: [UInt8]) -> String? {
    guard blob.count > 4 else { return nil }
    let length = blob[..<4].reduce(0) { $0 << 8 | Int($1) }
    guard length > 0, length <= 64, length < blob.count - 4 else { return nil }
    return String(validating: blob[4..<(4 + length)], as: UTF8.self)
  }

  /// `SHA256:…`, as `ssh-keygen -l` prints it.
  public var fingerprint: String {
    "SHA256:" + Base64.encoded(SHA256.hash(data: blob)).prefix { $0 != "=" }
  }

  public var base64: String { Base64.encoded(blob) }

  public var description: String { "\(type) \(fingerprint)" }
}
