import GitRemotes

/// Reads what ends with a flush packet, on a connection that goes on (gitprotocol-common, "pkt-line").
enum PacketText {
  static func untilFlush(_ source: any ByteSource) async throws -> String {
    var bytes: [UInt8] = []
    while !isWhole(bytes), let part = try await source.next() { bytes += part }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while rest.count >= 4 {
      guard let length = Int(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) else { return true }
      if length == 0 { return true }
      rest = rest.dropFirst(max(4, length))
    }
    return false
  }
}
