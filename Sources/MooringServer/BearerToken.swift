import Crypto
import Glibc
import Mooring
import MooringModel

/// A token in a file, by which a webhook's sender is known. It is read each time, so that it can be changed.
struct BearerToken: Sendable {
  static let leastBytes = 16
  private static let mostBytes = 4096

  let file: String

  /// Whether somebody shows this token. How long that takes says nothing about it.
  ///
  /// - Parameter shown: The value of the header `Authorization`.
  /// - Throws: `Fault` where there is no token in the file.
  func admits(_ shown: String?) throws(Fault) -> Bool {
    let token = try read()
    guard let shown, shown.utf8.count <= Self.mostBytes + 7, shown.prefix(7).lowercased() == "bearer " else {
      return false
    }
    // Digests are compared in constant time (swift-crypto), and have no length to be found out.
    return SHA256.hash(data: Array(shown.dropFirst(7).utf8)) == SHA256.hash(data: token)
  }

  /// - Throws: `Fault` where it can't be read or is too short to be a secret.
  func read() throws(Fault) -> [UInt8] {
    guard let bytes = BoundedFile.bytes(at: file, limit: Self.mostBytes), bytes.count <= Self.mostBytes else {
      throw Fault(
        .configuration, "the token can't be read, or has more than \(Self.mostBytes) bytes", at: file,
        remedy: "put one there, as by `openssl rand -hex 32`")
    }
    let isBlank: (UInt8) -> Bool = { [9, 10, 13, 32].contains($0) }
    let token = Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    guard token.count >= Self.leastBytes else {
      throw Fault(
        .configuration, "a token of \(token.count) bytes; it needs at least \(Self.leastBytes)", at: file,
        remedy: "put one there, as by `openssl rand -hex 32`")
    }
    return token
  }
}
