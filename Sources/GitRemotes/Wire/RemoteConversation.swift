/// A conversation with one service of a remote, from its greeting on.
struct RemoteConversation: Sendable {
  let channel: any SmartChannel
  let limits: WireLimits
  let greeting: Greeting

  init(over channel: any SmartChannel, limits: WireLimits) async throws(RemoteError) {
    self.channel = channel
    self.limits = limits
    greeting = try await Greeting(reading: channel.greeting(), limits: limits)
  }

  /// Closes the channel where its greeting is none.
  static func begin(over channel: any SmartChannel, limits: WireLimits) async throws(RemoteError) -> RemoteConversation
  {
    do throws(RemoteError) {
      return try await RemoteConversation(over: channel, limits: limits)
    } catch {
      await channel.close()
      throw error
    }
  }

  /// The references whose names begin with one of the prefixes, and HEAD; all, when there is no prefix.
  ///
  /// A remote that speaks an old version names all in any case.
  func heads(prefixes: [String]) async throws(RemoteError) -> RemoteReferences {
    guard greeting.version == 2 else { return greeting.references }
    var packets = command("ls-refs") + [.delimiter, .line("symrefs")]
    if greeting.capabilities.has("ls-refs", "unborn") { packets.append(.line("unborn")) }
    for prefix in prefixes.isEmpty ? [] : Set(prefixes).sorted() + ["HEAD"] {
      packets.append(.line("ref-prefix \(prefix)"))
    }
    var reader = try await ask(packets + [.flush])
    var list = ReferenceList(limits: limits)
    while true {
      let packet = try await reader.next()
      if packet == .flush { return list.finished() }
      guard case .data(let line) = packet else {
        throw RemoteError(.malformed, "the remote's list of references has a hole")
      }
      try list.take(listed: line)
    }
  }

  func ask(_ packets: [Packet]) async throws(RemoteError) -> PacketReader {
    try await ask(RequestBody(packets.encoded))
  }

  func ask(_ body: RequestBody) async throws(RemoteError) -> PacketReader {
    PacketReader(try await channel.request { () async throws(RemoteError) in try await body.next() })
  }

  /// What a request of version 2 begins with.
  func command(_ name: String) -> [Packet] {
    var packets = [Packet.line("command=\(name)")]
    if greeting.capabilities.has("agent") { packets.append(.line(Self.agent)) }
    if greeting.capabilities.has("object-format") { packets.append(.line("object-format=sha1")) }
    return packets
  }

  static let agent = "agent=mooring"

  /// Says, where it is expected, that nothing is wanted.
  func sayNothing() async throws(RemoteError) {
    guard greeting.version != 2, !channel.isStateless else { return }
    _ = try await ask([.flush])
  }
}
