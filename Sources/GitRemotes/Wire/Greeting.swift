/// What a service says first (gitprotocol-pack, gitprotocol-v2).
package struct Greeting: Sendable {
  /// 2, or 0 for the versions before.
  package let version: Int
  package let capabilities: Capabilities
  /// Said by versions before 2 right away.
  package let references: RemoteReferences
  /// Whether the remote says that it doesn't hold its whole history.
  package let isShallow: Bool

  package init(reading source: any ByteSource, limits: WireLimits) async throws(RemoteError) {
    var reader = PacketReader(source)
    var packet = try await reader.next()
    if packet.text == "version 1" { packet = try await reader.next() }
    var list = ReferenceList(limits: limits)
    if packet.text == "version 2" {
      version = 2
      capabilities = try await Self.capabilities(&reader)
    } else {
      version = 0
      capabilities = try await Self.advertisement(packet, &reader, &list)
    }
    if let format = capabilities.all("object-format").first, format != "sha1" {
      let name = RemoteText.clean(format.utf8, limit: 80)
      throw RemoteError(.invalid, "the remote's objects are named by \(name.debugDescription), not SHA-1")
    }
    references = list.finished()
    isShallow = list.isShallow
  }

  private static func capabilities(_ reader: inout PacketReader) async throws(RemoteError) -> Capabilities {
    var capabilities = Capabilities()
    while true {
      let packet = try await reader.next()
      if packet == .flush { return capabilities }
      guard let line = packet.text else { throw RemoteError(.malformed, "the remote's capabilities are no text") }
      try capabilities.add(line[...])
    }
  }

  private static func advertisement(
    _ first: Packet, _ reader: inout PacketReader, _ list: inout ReferenceList
  ) async throws(RemoteError) -> Capabilities {
    var capabilities = Capabilities()
    var packet = first
    var isFirst = true
    while packet != .flush {
      guard case .data(let bytes) = packet else {
        throw RemoteError(.malformed, "the remote's list of references has a hole")
      }
      let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      if isFirst, parts.count > 1 { capabilities = try words(parts[1]) }
      try list.take(advertised: Array(parts[0]))
      isFirst = false
      packet = try await reader.next()
    }
    for symref in capabilities.all("symref") where symref.hasPrefix("HEAD:") {
      try list.setDefaultBranch(String(symref.dropFirst(5)))
    }
    return capabilities
  }

  private static func words(_ bytes: ArraySlice<UInt8>) throws(RemoteError) -> Capabilities {
    let text = String(decoding: bytes.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return try Capabilities(text.split(separator: " "))
  }
}
