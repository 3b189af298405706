/// Takes apart what a remote sends in parallel (gitprotocol-pack, "side-band-64k"): data, progress, and a last word.
package struct SideBand {
  private let limits: WireLimits
  private var noise = 0
  private var said: [UInt8] = []

  package init(limits: WireLimits) { self.limits = limits }

  /// What the remote and its hooks said, in one text.
  package var message: String { RemoteText.clean(said, limit: limits.messageBytes) }

  /// The data in a packet, or nil when it carried something else.
  package mutating func take(_ packet: [UInt8]) throws(RemoteError) -> [UInt8]? {
    guard let band = packet.first else {
      try count(1)
      return nil
    }
    switch band {
    case 1 where packet.count > 1: return Array(packet.dropFirst())
    case 1, 2:
      try count(packet.count)
      said += packet.dropFirst().prefix(max(0, limits.messageBytes - said.count))
      return nil
    case 3:
      let reason = RemoteText.clean(packet.dropFirst(), limit: limits.messageBytes)
      throw RemoteError(.denied, "the remote gives up: \(reason)")
    default: throw RemoteError(.malformed, "the remote sent data on band \(band)")
    }
  }

  private mutating func count(_ bytes: Int) throws(RemoteError) {
    noise += bytes + 4
    guard noise <= limits.noiseBytes else {
      throw RemoteError(.tooLarge, "the remote sent more than \(limits.noiseBytes) bytes of progress")
    }
  }
}
