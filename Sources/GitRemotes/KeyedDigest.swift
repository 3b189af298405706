import Crypto

/// What only somebody with the key can say of some bytes (HMAC, RFC 2104).
package enum KeyedDigest {
  /// In lower-case hexadecimal.
  package static func sha256(of bytes: [UInt8], key: [UInt8]) -> String {
    HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
