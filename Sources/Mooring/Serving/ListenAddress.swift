/// An address and a port of this machine: `127.0.0.1:8420`, `[::1]:8420`, `localhost:8420`.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  public static let standard = ListenAddress(host: "127.0.0.1", port: 8420)

  public let host: String
  /// 0 for any that is free.
  public let port: Int

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// - Returns: `nil` where it isn't an address or a name of a machine, a colon and a port.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    let host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let name = isBracketed ? host.dropFirst().dropLast() : host
    let allowed = isBracketed ? "0123456789abcdefABCDEF:.%" : nil
    let isPlain = name.utf8.allSatisfy { byte in
      let scalar = Unicode.Scalar(byte)
      return allowed?.unicodeScalars.contains(scalar)
        ?? (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "." || scalar == "-")
    }
    guard !name.isEmpty, isPlain, name.utf8.count <= 253 else { return nil }
    self.init(host: String(name), port: Int(port))
  }

  /// The same with the port that was found free.
  public func with(port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

  /// Whether only this machine reaches it.
  public var isLoopback: Bool {
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    let isIPv4 = octets.count == 4 && octets.allSatisfy { UInt8($0) != nil }
    return host == "localhost" || host == "::1" || (isIPv4 && octets[0] == "127")
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
