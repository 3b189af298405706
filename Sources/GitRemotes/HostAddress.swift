import Dispatch
import Glibc

/// The addresses that a host's name means: 4 bytes, or 16.
package enum HostAddress {
  /// Asks the system's resolver, which may take as long as it is configured to.
  ///
  /// - Throws: `unreachable` for a name that isn't known.
  static func all(of host: String) async throws(RemoteError) -> [[UInt8]] {
    if let literal = literal(host) { return [literal] }
    let result: Result<[[UInt8]], RemoteError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: resolve(host)) }
    }
    return try result.get()
  }

  /// `nil` for what isn't an address, in any of the forms that the system takes for one, and in brackets or not.
  package static func literal(_ host: String) -> [UInt8]? {
    let host = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host
    guard case .success(let addresses) = resolve(host, flags: AI_NUMERICHOST) else { return nil }
    return addresses.first
  }

  /// Whether machines find there what is theirs alone: link-local addresses (RFC 3927; RFC 4291, 2.4), those where
  /// clouds serve metadata and credentials to whoever asks, and the forms of IPv6 that lead to one of IPv4 (RFC 4291,
  /// 2.5.5; RFC 6052). What is no address is forbidden too.
  package static func isForbidden(_ address: [UInt8]) -> Bool {
    if address.count == 4 { return address.starts(with: [169, 254]) || metadata.contains(address) }
    guard address.count == 16 else { return true }
    if address[0] == 0xfe, address[1] & 0xc0 == 0x80 { return true }
    if address == amazonMetadata { return true }
    let zeros = [UInt8](repeating: 0, count: 12)
    let carriers: [[UInt8]] = [zeros, zeros[..<10] + [0xff, 0xff], [0, 0x64, 0xff, 0x9b] + zeros[..<8]]
    return carriers.contains(Array(address[..<12])) && isForbidden(Array(address[12...]))
  }

  /// Alibaba Cloud, Oracle Cloud and Azure, beside 169.254.169.254.
  private static let metadata: [[UInt8]] = [[100, 100, 100, 200], [192, 0, 0, 192], [168, 63, 129, 16]]
  /// fd00:ec2::254
  private static let amazonMetadata: [UInt8] = [0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]

  private static func resolve(_ host: String, flags: Int32 = 0) -> Result<[[UInt8]], RemoteError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = flags
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &found)
    guard code == 0 else {
      let reason = String(cString: gai_strerror(code))
      return .failure(
        RemoteError(
          .unreachable, "the host \(host) is not known: \(reason)", remedy: "correct its name, or see to DNS"))
    }
    defer { freeaddrinfo(found) }
    var addresses: [[UInt8]] = []
    var next = found
    while let entry = next {
      if let bytes = bytes(of: entry.pointee) { addresses.append(bytes) }
      next = entry.pointee.ai_next
    }
    return .success(addresses)
  }

  /// Where `sockaddr_in` and `sockaddr_in6` have the address (ip(7), ipv6(7)).
  private static func bytes(of entry: addrinfo) -> [UInt8]? {
    guard let address = entry.ai_addr else { return nil }
    let raw = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
    switch entry.ai_family {
    case AF_INET where raw.count >= 8: return Array(raw[4..<8])
    case AF_INET6 where raw.count >= 24: return Array(raw[8..<24])
    default: return nil
    }
  }
}
