import Git

/// One request for objects, with the negotiation before it, until the pack is a part of the local repository.
struct FetchExchange: Sendable {
  let conversation: RemoteConversation
  let local: LocalSide
  let request: FetchRequest
  var rounds = HaveRounds()
  var answer = FetchAnswer()

  init(_ conversation: RemoteConversation, _ local: LocalSide, _ request: FetchRequest) {
    self.conversation = conversation
    self.local = local
    self.request = request
  }

  /// - Throws: `RemoteError`, `GitError`.
  mutating func run() async throws -> FetchAnswer {
    if conversation.greeting.version == 2 { try await runVersion2() } else { try await runVersion0() }
    return answer
  }

  /// The id behind a word, as in `ACK 1a2b…`.
  static func id(in line: Substring, after word: String) throws(RemoteError) -> ObjectID {
    let words = line.split(separator: " ")
    guard words.count >= 2, words[0] == Substring(word), let id = ObjectID(hex: words[1]) else {
      throw unexpected(String(line))
    }
    return id
  }

  static func unexpected(_ line: String?) -> RemoteError {
    let excerpt = RemoteText.clean(Array((line ?? "no text").utf8), limit: 200)
    return RemoteError(.malformed, "the remote answered a fetch with \(excerpt.debugDescription)")
  }

  /// Takes `shallow` and `unshallow` lines until the packet that ends them.
  mutating func takeBorders(_ reader: inout PacketReader) async throws(RemoteError) -> Packet {
    while true {
      let packet = try await reader.next()
      guard case .data = packet else { return packet }
      guard let line = packet.text else { throw Self.unexpected(nil) }
      if line.hasPrefix("unshallow ") {
        answer.formerBorders.insert(try Self.id(in: line[...], after: "unshallow"))
      } else {
        answer.newBorders.insert(try Self.id(in: line[...], after: "shallow"))
      }
      guard answer.newBorders.count + answer.formerBorders.count <= conversation.limits.references else {
        throw RemoteError(.tooLarge, "the remote names more than \(conversation.limits.references) borders")
      }
    }
  }

  /// Takes a pack that comes in packets, until the flush behind it.
  mutating func takePack(_ reader: inout PacketReader) async throws {
    try await local.beginPack()
    var band = SideBand(limits: conversation.limits)
    while true {
      let packet = try await reader.next()
      guard case .data(let bytes) = packet else {
        guard packet == .flush else { throw Self.unexpected("a hole in the pack") }
        break
      }
      if let part = try band.take(bytes) { try await local.append(part) }
    }
    answer.objects += try await local.finishPack()
  }
}
