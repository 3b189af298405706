/// A packet line, the unit of Git's protocols (gitprotocol-common, "pkt-line Format"; gitprotocol-v2, "Packet-Line
/// Framing").
package enum Packet: Hashable, Sendable {
  case data([UInt8])
  case flush, delimiter, responseEnd

  /// With its four digits of length.
  package static let largest = 65_520

  /// A line of text, which ends in a line feed.
  static func line(_ text: String) -> Packet { .data(Array("\(text)\n".utf8)) }

  /// What is sent for it; `data` must fit a packet.
  package var encoded: [UInt8] {
    switch self {
    case .flush: Array("0000".utf8)
    case .delimiter: Array("0001".utf8)
    case .responseEnd: Array("0002".utf8)
    case .data(let bytes): Self.digits(of: bytes.count + 4) + bytes
    }
  }

  /// The text of a line, without its line feed; nil for what is none or isn't UTF-8.
  package var text: String? {
    guard case .data(let bytes) = self else { return nil }
    return String(validating: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }

  private static func digits(of length: Int) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [12, 8, 4, 0].map { digits[length >> $0 & 15] }
  }
}

extension [Packet] {
  package var encoded: [UInt8] { flatMap(\.encoded) }
}
