import Git

extension FetchExchange {
  private var capabilities: Capabilities { conversation.greeting.capabilities }
  private var isStateless: Bool { conversation.channel.isStateless }
  private var isDetailed: Bool { capabilities.has("multi_ack_detailed") }
  private var band: String? { ["side-band-64k", "side-band"].first { capabilities.has($0) } }

  private var chosen: [String] {
    var words = ["multi_ack_detailed", "ofs-delta", "no-progress", "thin-pack"].filter { capabilities.has($0) }
    if let band { words.append(band) }
    if request.depth != nil { words.append("shallow") }
    if capabilities.has("agent") { words.append(RemoteConversation.agent) }
    return words
  }

  /// In rounds where the remote can say what it has, and otherwise in one.
  mutating func runVersion0() async throws {
    let beginning = request.beginning(chosen)
    var isFirst = true
    var isReady = false
    while isDetailed && !isReady {
      let (haves, isLast) = await rounds.next(from: local)
      // Whoever offers nothing gets no answer but to `done`.
      guard !haves.isEmpty else { break }
      let repeated = isStateless ? rounds.common : []
      let lines = (repeated + haves).map { Packet.line("have \($0)") }
      var reader = try await conversation.ask((isFirst || isStateless ? beginning : []) + lines + [.flush])
      if isFirst || isStateless { try await takeAnsweredBorders(&reader) }
      isFirst = false
      isReady = try await takeRound(&reader, most: repeated.count + haves.count)
      if isLast { break }
    }
    try await finish(isFirst || isStateless ? beginning : [], isFirst || isStateless)
  }

  /// Says that it is enough, and takes the pack.
  private mutating func finish(_ beginning: [Packet], _ isBeginning: Bool) async throws {
    var haves = isStateless ? rounds.common : []
    if !isDetailed { haves = await local.offer(256) }
    let lines = haves.map { Packet.line("have \($0)") }
    var reader = try await conversation.ask(beginning + lines + [.line("done")])
    if isBeginning { try await takeAnsweredBorders(&reader) }
    try await takeLastWord(&reader, most: haves.count)
    guard band == nil else { return try await takePack(&reader) }
    try await local.beginPack()
    while let bytes = try await reader.nextRaw() { try await local.append(bytes) }
    answer.objects += try await local.finishPack()
  }

  private mutating func takeAnsweredBorders(_ reader: inout PacketReader) async throws(RemoteError) {
    guard request.depth != nil else { return }
    answer.newBorders = []
    guard try await takeBorders(&reader) == .flush else { throw Self.unexpected("borders without an end") }
  }

  /// Takes what the remote says to one round of commits; returns whether it knows enough.
  private mutating func takeRound(_ reader: inout PacketReader, most: Int) async throws(RemoteError) -> Bool {
    var common: [ObjectID] = []
    var isReady = false
    for _ in 0...(2 * most + 1) {
      guard let line = try await reader.next().text else { throw Self.unexpected(nil) }
      if line == "NAK" {
        await rounds.take(common, local)
        return isReady
      }
      common.append(try Self.id(in: line[...], after: "ACK"))
      isReady = isReady || line.hasSuffix(" ready")
    }
    throw Self.unexpected("more acknowledgments than commits were offered")
  }

  /// Takes the `NAK`, or the `ACK` without a further word, that stands before the pack.
  private func takeLastWord(_ reader: inout PacketReader, most: Int) async throws(RemoteError) {
    for _ in 0...(2 * most + 1) {
      guard let line = try await reader.next().text else { throw Self.unexpected(nil) }
      if line == "NAK" { return }
      _ = try Self.id(in: line[...], after: "ACK")
      if line.split(separator: " ").count == 2 { return }
    }
    throw Self.unexpected("more acknowledgments than commits were offered")
  }
}
