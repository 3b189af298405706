import GitRemotes

/// What a remote sends, a line a packet: mutation would break the lengths of packets, and never get behind them.
///
/// `~` is a flush, `|` a delimiter, `=` begins the next answer.
struct PacketScript {
  private(set) var answers: [[Packet]] = [[]]

  init(_ bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      switch line {
      case [UInt8(ascii: "=")]: answers.append([])
      case [UInt8(ascii: "~")]: append(.flush)
      case [UInt8(ascii: "|")]: append(.delimiter)
      default: append(.data(line + [UInt8(ascii: "\n")]))
      }
    }
  }

  private mutating func append(_ packet: Packet) { answers[answers.count - 1].append(packet) }

  /// The contents of all packets, whichever answer they are in.
  var lines: [[UInt8]] {
    answers.joined().compactMap { if case .data(let line) = $0 { line } else { nil } }
  }
}
