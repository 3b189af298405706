import Git

/// One fetch: which references, which objects they lack, these in slices or at once, then the moves.
struct NetworkFetch: Sendable {
  private var conversation: RemoteConversation
  private let local: LocalSide
  private let specs: [Refspec]
  private let again: (@Sendable () async throws(RemoteError) -> any SmartChannel)?

  init(
    _ conversation: RemoteConversation, _ local: LocalSide, _ specs: [Refspec],
    again: (@Sendable () async throws(RemoteError) -> any SmartChannel)?
  ) {
    self.conversation = conversation
    self.local = local
    self.specs = specs
    self.again = again
  }

  func close() async { await conversation.channel.close() }

  mutating func run(prune: Bool) async throws -> FetchOutcome {
    let references = try await conversation.heads(prefixes: specs.map(\.sourcePrefix))
    let heads = references.heads.map { (name: $0.name, id: $0.id) }
    let plan = try FetchPlan(heads: heads, head: references.head, specs: specs)
    let wants = try await local.run { try Self.wants(of: plan, in: $0) }
    let objects = try await bring(wants)
    let specs = specs
    let updates = try await local.run { try Remote.carryOut(plan, specs, in: $0, prune: prune) }
    return FetchOutcome(
      updates: updates, heads: references.heads, defaultBranch: references.defaultBranch, missing: plan.missing,
      objects: objects)
  }

  /// What the references will need and is not here; that a reference points at it already, or that it is here with all
  /// that it needs, saves asking.
  private static func wants(of plan: FetchPlan, in repository: Repository) throws -> [ObjectID] {
    var wants: Set<ObjectID> = []
    for move in plan.moves where try repository.reference(move.name) != move.id { wants.insert(move.id) }
    guard !wants.isEmpty else { return [] }
    guard try repository.isComplete(Array(wants)) else { return wants.sorted() }
    SliceRecord.remove(from: repository)
    return []
  }

  private mutating func bring(_ wants: [ObjectID]) async throws -> Int {
    guard !wants.isEmpty else {
      try await conversation.sayNothing()
      return 0
    }
    let specs = specs
    let isFirst = try await local.run { try Self.hasNothing(of: specs, in: $0) }
    let objects = isFirst && canSlice ? try await bringSlices(wants) : try await bringAll(wants)
    let isComplete = try await local.run { (repository) throws -> Bool in
      let isComplete = try repository.isComplete(wants)
      // Complete or beyond repair: it has served its time.
      SliceRecord.remove(from: repository)
      return isComplete
    }
    guard isComplete else {
      throw RemoteError(
        .malformed, "the remote did not send all that its references need",
        remedy: "see whether it is a shallow clone or damaged (`git fsck` there)")
    }
    return objects
  }

  private func bringAll(_ wants: [ObjectID]) async throws -> Int {
    try await local.beginOffering(SliceRecord())
    var exchange = FetchExchange(conversation, local, FetchRequest(wants: wants))
    return try await exchange.run().objects
  }

  private mutating func bringSlices(_ wants: [ObjectID]) async throws -> Int {
    var record = try await local.run { SliceRecord(of: $0) }
    var objects = 0
    while true {
      record.pace.begin()
      let depth = record.pace.next
      let begun = record
      try await local.run { try begun.write(to: $0) }
      try await local.beginOffering(begun)
      let borders = begun.borders.sorted()
      var exchange = FetchExchange(
        conversation, local, FetchRequest(wants: wants, borders: borders, depth: depth))
      let answer = try await exchange.run()
      objects += answer.objects
      record.take(answer, of: wants)
      // A border of a branch that was rewritten meanwhile never goes away; but whoever goes deeper meets new ones.
      if answer.newBorders.isEmpty {
        let isComplete = try await local.run { try $0.isComplete(wants) }
        if isComplete || depth == SlicePace.everything { return objects }
      }
      try await converseAnew()
    }
  }

  /// `upload-pack` (seen in 2.39) remembers the borders of one request in the next, so only requests that each meet a
  /// fresh one can go deeper.
  private mutating func converseAnew() async throws(RemoteError) {
    guard !conversation.channel.isStateless, let again else { return }
    await conversation.channel.close()
    conversation = try await .begin(over: again(), limits: conversation.limits)
  }

  /// Whether nothing has been fetched by the refspecs yet.
  private static func hasNothing(of specs: [Refspec], in repository: Repository) throws -> Bool {
    for spec in specs {
      let local = try repository.references(prefix: spec.destinationPrefix)
      if local.contains(where: { spec.source(of: $0.name) != nil }) { return false }
    }
    return true
  }

  /// A remote whose own history is cut off can't be told from a slice of it.
  private var canSlice: Bool {
    let greeting = conversation.greeting
    guard conversation.channel.isStateless || again != nil, !greeting.isShallow else { return false }
    return greeting.version == 2
      ? greeting.capabilities.has("fetch", "shallow") : greeting.capabilities.has("shallow")
  }
}

extension SliceRecord {
  /// A slice has come.
  mutating func take(_ answer: FetchAnswer, of wants: [ObjectID]) {
    tips.formUnion(wants)
    borders.formUnion(answer.newBorders)
    borders.subtract(answer.formerBorders)
    pace.end()
  }
}
