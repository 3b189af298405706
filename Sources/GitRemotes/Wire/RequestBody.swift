import Git

/// The parts of a request, one after the other: packets, then perhaps a pack.
actor RequestBody {
  private static let part = 65_536

  private let packets: [UInt8]
  private let pack: OutgoingPack?
  private var sentPackets = 0
  private var sentPack = 0

  init(_ packets: [UInt8], pack: OutgoingPack? = nil) {
    self.packets = packets
    self.pack = pack
  }

  func next() throws(RemoteError) -> [UInt8]? {
    if sentPackets < packets.count {
      let part = packets[sentPackets...].prefix(Self.part)
      sentPackets += part.count
      return Array(part)
    }
    do throws(GitError) {
      guard let part = try pack?.bytes(from: sentPack) else { return nil }
      sentPack += part.count
      return part
    } catch {
      throw RemoteError(.invalid, "\(error)")
    }
  }
}
