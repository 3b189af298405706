import Git

extension FetchExchange {
  /// Every request stands alone: it repeats what is common by now.
  mutating func runVersion2() async throws {
    let command = conversation.command("fetch") + [.delimiter]
    while true {
      let (haves, isLast) = await rounds.next(from: local)
      let arguments = request.arguments(haves: rounds.common + haves, isDone: isLast)
      var reader = try await conversation.ask(command + arguments)
      let limit = rounds.common.count + haves.count
      if try await takeSections(&reader, acknowledgments: limit) { return }
      guard !isLast else { throw Self.unexpected("no pack") }
    }
  }

  /// Returns whether the pack was among them.
  private mutating func takeSections(_ reader: inout PacketReader, acknowledgments: Int) async throws -> Bool {
    while true {
      let packet = try await reader.next()
      switch packet.text {
      case "acknowledgments":
        guard try await takeAcknowledgments(&reader, most: acknowledgments) else { return false }
      case "shallow-info":
        answer.newBorders = []
        guard try await takeBorders(&reader) == .delimiter else { throw Self.unexpected("borders and no pack") }
      case "packfile":
        try await takePack(&reader)
        return true
      case let line: throw Self.unexpected(line)
      }
    }
  }

  /// Returns whether the remote knows enough, and goes on to the pack.
  private mutating func takeAcknowledgments(_ reader: inout PacketReader, most: Int) async throws -> Bool {
    var common: [ObjectID] = []
    var isReady = false
    while true {
      let packet = try await reader.next()
      guard case .data = packet else {
        await rounds.take(common, local)
        guard isReady == (packet == .delimiter) else { throw Self.unexpected("acknowledgments without an end") }
        return isReady
      }
      switch packet.text {
      case "NAK": continue
      case "ready": isReady = true
      case let line?: common.append(try Self.id(in: line[...], after: "ACK"))
      case nil: throw Self.unexpected(nil)
      }
      guard common.count <= most else { throw Self.unexpected("more acknowledgments than commits were offered") }
    }
  }
}
