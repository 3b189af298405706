import Glibc

/// Addresses at which a machine finds what is its alone: link-local ones (RFC 3927, RFC 4291), and those where clouds
/// serve metadata and credentials to whoever asks.
enum LinkLocalAddress {
  /// Why a host isn't asked, or nil when none of its addresses is one of these. A name that nothing resolves is none:
  /// whoever connects says so. Blocks while the name is resolved.
  static func refusal(of host: String) -> String? {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let name = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host
    guard getaddrinfo(name, nil, &hints, &found) == 0 else { return nil }
    defer { freeaddrinfo(found) }
    var next = found
    while let address = next?.pointee {
      if let raw = address.ai_addr, let bytes = bytes(of: raw), contains(bytes) {
        return "\(host) is a link-local or metadata address; `allowLinkLocal: true` of the gate allows it"
      }
      next = address.ai_next
    }
    return nil
  }

  private static func bytes(of address: UnsafeMutablePointer<sockaddr>) -> [UInt8]? {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
      }
    case AF_INET6:
      address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
      }
    default: nil
    }
  }

  /// Of an address's 4 or 16 bytes.
  static func contains(_ bytes: [UInt8]) -> Bool {
    if bytes.count == 16 {
      let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
      // NAT64 (RFC 6052) leads to an IPv4 address just so.
      let isTranslated = bytes.starts(with: [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])
      if isMapped || isTranslated { return contains(Array(bytes[12...])) }
      return (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80) || bytes == awsMetadata
    }
    return bytes.starts(with: [169, 254]) || metadata.contains(bytes)
  }

  /// Alibaba Cloud, Oracle Cloud and Azure, beside 169.254.169.254.
  private static let metadata: [[UInt8]] = [[100, 100, 100, 200], [192, 0, 0, 192], [168, 63, 129, 16]]
  /// fd00:ec2::254
  private static let awsMetadata: [UInt8] = [0xFD, 0, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]
}
