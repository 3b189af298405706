import Git

/// One push: what speaks against it here, the commands, the pack, and what the remote reports (gitprotocol-pack,
/// "Pushing Data To a Server").
struct NetworkPush: Sendable {
  private let conversation: RemoteConversation
  private let local: LocalSide
  private let updates: [PushUpdate]

  init(_ conversation: RemoteConversation, _ local: LocalSide, _ updates: [PushUpdate]) {
    self.conversation = conversation
    self.local = local
    self.updates = updates
  }

  func run() async throws -> PushOutcome {
    let updates = updates
    let remote = conversation.greeting.references
    let early = try await local.run { (repository) throws -> [PushOutcome.Result?] in
      try updates.map { try Self.objection(to: $0, from: repository, to: remote) }
    }
    let open = zip(updates, early).filter { $1 == nil }.map(\.0)
    let report = open.isEmpty ? try await nothing() : try await send(open)
    return PushOutcome(
      results: zip(updates, early).map { update, result in
        .init(name: update.name, result: result ?? report.result(of: update.name))
      })
  }

  private func nothing() async throws -> PushReport {
    try await conversation.sayNothing()
    return PushReport()
  }

  private func send(_ updates: [PushUpdate]) async throws -> PushReport {
    guard conversation.greeting.version == 0, conversation.greeting.capabilities.has("report-status") else {
      throw RemoteError(.invalid, "the remote doesn't report what becomes of a push")
    }
    let haves = conversation.greeting.references.heads.map(\.id)
    let pack = try await local.run { repository in
      try OutgoingPack(
        from: repository, wants: updates.map(\.local), haves: haves.filter(repository.contains))
    }
    let body = RequestBody((commands(updates) + [.flush]).encoded, pack: pack)
    let reader = try await conversation.ask(body)
    return try await PushReport(reading: reader, isBanded: band != nil, limits: conversation.limits)
  }

  private func commands(_ updates: [PushUpdate]) -> [Packet] {
    let capabilities = conversation.greeting.capabilities
    var words = ["report-status"] + (band.map { [$0] } ?? [])
    if capabilities.has("object-format") { words.append("object-format=sha1") }
    if capabilities.has("agent") { words.append(RemoteConversation.agent) }
    return updates.enumerated().map { index, update in
      let command = "\(update.expecting ?? .zero) \(update.local) \(update.name)"
      return .data(Array((index == 0 ? "\(command)\0 \(words.joined(separator: " "))" : command).utf8))
    }
  }

  private var band: String? {
    conversation.greeting.capabilities.has("side-band-64k") ? "side-band-64k" : nil
  }

  /// What can be said of an update before anything is sent; nil when it may go on.
  private static func objection(
    to update: PushUpdate, from repository: Repository, to remote: RemoteReferences
  ) throws -> PushOutcome.Result? {
    guard update.name.hasPrefix("refs/") else { return .refused("\(update.name) is not below refs/") }
    try Repository.requireReferenceName(update.name, "push \(update.name)")
    guard let kind = try repository.kind(of: update.local) else {
      return .refused("there is no object \(update.local)")
    }
    let current = remote[update.name]
    if current == update.local { return .pushed }
    guard current == update.expecting else { return .moved(current) }
    guard let old = update.expecting else { return nil }
    guard kind == .commit, try repository.kind(of: old) == .commit, try repository.isAncestor(old, of: update.local)
    else { return .refused("\(old) is not an ancestor of \(update.local) here: that would need force") }
    return nil
  }
}
