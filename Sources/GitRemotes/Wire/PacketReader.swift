/// Reads packet lines from bytes as they arrive; holds one packet and one arrival at most.
package struct PacketReader {
  private let source: any ByteSource
  private var buffer: [UInt8] = []
  private var start = 0

  package init(_ source: any ByteSource) { self.source = source }

  /// The next packet.
  ///
  /// - Throws: `unreachable` where the answer ends, `malformed` for what is no packet, and what the remote itself says
  ///   went wrong, by an `ERR` packet.
  package mutating func next() async throws(RemoteError) -> Packet {
    guard let packet = try await nextIfAny() else { throw Self.broken }
    return packet
  }

  /// The same, or nil where the answer ends between two packets.
  package mutating func nextIfAny() async throws(RemoteError) -> Packet? {
    guard try await fill(1) else { return nil }
    guard try await fill(4) else { throw Self.broken }
    let length = try length(of: buffer[start..<(start + 4)])
    guard length >= 4 else { return try special(length) }
    guard try await fill(length) else { throw Self.broken }
    let payload = Array(buffer[(start + 4)..<(start + length)])
    start += length
    try refuseError(payload)
    return .data(payload)
  }

  /// Bytes behind the last packet, as they come; nil at the end.
  package mutating func nextRaw() async throws(RemoteError) -> [UInt8]? {
    guard start < buffer.count else { return try await source.next() }
    defer {
      buffer = []
      start = 0
    }
    return Array(buffer[start...])
  }

  static let broken = RemoteError(.unreachable, "the connection ended in the middle of an answer")

  /// Sees to it that so many bytes are there; false when they don't come.
  private mutating func fill(_ count: Int) async throws(RemoteError) -> Bool {
    while buffer.count - start < count {
      guard let more = try await source.next() else { return false }
      buffer.removeFirst(start)
      start = 0
      buffer += more
    }
    return true
  }

  private func length(of digits: ArraySlice<UInt8>) throws(RemoteError) -> Int {
    var length = 0
    for digit in digits {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { throw notGit }
      length = length << 4 | value
    }
    guard length <= Packet.largest else {
      throw RemoteError(.malformed, "the remote sent a packet of \(length) bytes; \(Packet.largest) are allowed")
    }
    return length
  }

  private var notGit: RemoteError {
    let excerpt = RemoteText.clean(buffer[start...].prefix(80), limit: 80)
    return RemoteError(
      .malformed, "the remote doesn't speak Git's protocol; it sent \(excerpt.debugDescription)",
      remedy: "see whether the URL names a repository")
  }

  private mutating func special(_ length: Int) throws(RemoteError) -> Packet {
    start += 4
    switch length {
    case 0: return .flush
    case 1: return .delimiter
    case 2: return .responseEnd
    default: throw RemoteError(.malformed, "the remote sent a packet of length \(length)")
    }
  }

  private func refuseError(_ payload: [UInt8]) throws(RemoteError) {
    guard payload.starts(with: Array("ERR ".utf8)) else { return }
    let text = RemoteText.clean(payload.dropFirst(4), limit: 1024)
    throw RemoteError(.denied, "the remote refuses: \(text)")
  }
}
