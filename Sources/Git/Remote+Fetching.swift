extension Remote {
  /// Brings the references that `refspecs` name, and every object that they need, into `repo`.
  ///
  /// Objects come first, in one pack, and references are swapped one by one after that, so a crash leaves each where
  /// it was or where it should be. Only what `repo`'s references don't reach already is copied. Tags are fetched only
  /// when a refspec names them. A rewritten branch is followed (and said) when its refspec has a `+`. Local references
  /// of refspecs whose source has vanished are deleted when `prune` is set. Throws `conflict` when somebody moves one
  /// of the references meanwhile.
  public static func fetch(
    into repo: Repository, from url: String, refspecs: [String], prune: Bool = false,
    progress: (TransferProgress) -> Void = { _ in }
  ) throws(GitError) -> FetchOutcome {
    let remote = try Remote(url: url).open()
    let specs = try refspecs.map { (text) throws(GitError) in try Refspec(text) }
    let heads = try remote.references(prefix: "refs/")
    let plan = try FetchPlan(heads: heads, head: try remote.reference("HEAD"), specs: specs)
    let copy = ObjectCopy(from: remote, to: repo)
    let objects = try copy.run(
      wants: plan.moves.map(\.id), haves: try repo.references(prefix: "refs/").map(\.id), progress: progress)
    return FetchOutcome(
      updates: try carryOut(plan, specs, in: repo, prune: prune), heads: heads.map { .init(name: $0.name, id: $0.id) },
      defaultBranch: try remote.branchOfHead(), missing: plan.missing, objects: objects)
  }

  /// Moves the references of a plan whose objects have all arrived, and returns what that changed, by name.
  package static func carryOut(
    _ plan: FetchPlan, _ specs: [Refspec], in repo: Repository, prune: Bool
  ) throws(GitError) -> [FetchOutcome.Update] {
    var updates: [FetchOutcome.Update] = []
    for move in plan.moves {
      if let update = try carryOut(move, in: repo) { updates.append(update) }
    }
    updates += try vanished(plan, specs, in: repo, prune: prune)
    return updates.sorted { $0.name < $1.name }
  }

  private static func carryOut(
    _ move: FetchPlan.Move, in repo: Repository
  ) throws(GitError) -> FetchOutcome.Update? {
    let old = try repo.reference(move.name)
    guard old != move.id else { return nil }
    let kind = try kind(of: move, from: old, in: repo)
    if kind != .refused {
      do throws(GitError) {
        try repo.setReference(move.name, to: move.id, expecting: old, log: "fetch")
      } catch {
        // Another program may have fetched the same meanwhile.
        guard error.code == .conflict, try repo.reference(move.name) == move.id else { throw error }
        return nil
      }
    }
    return .init(name: move.name, source: move.source, old: old, new: move.id, kind: kind)
  }

  private static func kind(
    of move: FetchPlan.Move, from old: ObjectID?, in repo: Repository
  ) throws(GitError) -> FetchOutcome.Update.Kind {
    guard let old else { return .created }
    if try repo.kind(of: old) == .commit, try repo.kind(of: move.id) == .commit, try repo.isAncestor(old, of: move.id) {
      return .fastForwarded
    }
    return move.allowsForce ? .forced : .refused
  }

  private static func vanished(
    _ plan: FetchPlan, _ specs: [Refspec], in repo: Repository, prune: Bool
  ) throws(GitError) -> [FetchOutcome.Update] {
    let present = Set(plan.moves.map(\.name))
    var updates: [FetchOutcome.Update] = []
    var seen: Set<String> = []
    for spec in specs {
      for local in try repo.references(prefix: spec.destinationPrefix) where !present.contains(local.name) {
        guard let source = spec.source(of: local.name), seen.insert(local.name).inserted else { continue }
        if prune { try repo.deleteReference(local.name, expecting: local.id) }
        updates.append(.init(name: local.name, source: source, old: local.id, new: nil, kind: .vanished))
      }
    }
    return updates
  }
}
