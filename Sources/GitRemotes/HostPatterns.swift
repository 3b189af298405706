import Crypto

/// The first field of a line of `known_hosts`: patterns with `*`, `?` and `!`, or one name as a keyed digest.
public struct HostPatterns: Sendable, Hashable {
  private enum Kind: Sendable, Hashable {
    case patterns([[UInt8]])
    /// HMAC-SHA1 of the name, keyed by the salt.
    case hashed(salt: [UInt8], digest: [UInt8])
  }

  private let kind: Kind

  /// `nil` for what is neither.
  public init?(_ text: String) {
    if text.utf8.first == UInt8(ascii: "|") {
      let parts = text.split(separator: "|", omittingEmptySubsequences: false)
      guard parts.count == 4, parts[1] == "1",
        let salt = Base64.decoded(parts[2]), let digest = Base64.decoded(parts[3]), salt.count == 20, digest.count == 20
      else { return nil }
      kind = .hashed(salt: salt, digest: digest)
      return
    }
    // By bytes, as `ssh` does: to Swift a comma with an accent is another character, and the Kelvin sign is a `k`.
    let lower = text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    let patterns = lower.split(separator: UInt8(ascii: ",")).map { Array($0) }
    guard !patterns.isEmpty else { return nil }
    kind = .patterns(patterns)
  }

  /// How a host is called there: `[host]:port` unless the port is 22.
  public static func name(of host: String, port: Int) -> String {
    port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
  }

  /// Whether this means the name, and no negated pattern does.
  public func contain(_ name: String) -> Bool {
    switch kind {
    case .hashed(let salt, let digest):
      let code = HMAC<Insecure.SHA1>.authenticationCode(for: Array(name.utf8), using: SymmetricKey(data: salt))
      return Array(code) == digest
    case .patterns(let patterns):
      var found = false
      for pattern in patterns {
        if pattern.first == UInt8(ascii: "!") {
          if Self.matches(Array(pattern.dropFirst()), Array(name.utf8)) { return false }
        } else if Self.matches(pattern, Array(name.utf8)) {
          found = true
        }
      }
      return found
    }
  }

  /// Goes back to the last `*` only, so that no pattern takes longer than its length times the name's.
  private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var (p, n) = (0, 0)
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
        (p, n) = (p + 1, n + 1)
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        (p, n) = (last.pattern + 1, last.name + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
