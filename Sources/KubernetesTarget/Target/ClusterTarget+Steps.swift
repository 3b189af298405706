import Documents
import FoundationEssentials
import Kubernetes
import MooringModel

extension ClusterTarget {
  /// What a deployment is going to do, of which nothing is done yet.
  struct Work {
    var manifests: ManifestSet
    /// Objects that aren't as the inventory says they were applied.
    var due: [Manifest]
    var pruning: PrunePlan
    var stored: InventoryStore.Stored
  }

  func work(_ plan: Plan, _ contents: any ReleaseContents) async throws -> Work {
    let manifests = try await manifests(of: contents)
    let stored = if let stored { stored } else { try await store().read() }
    self.stored = stored
    let moved = try await pruner().moved(stored.inventory, to: manifests.manifests)
    let pruning = try PrunePlan(
      stored.inventory, for: manifests.manifests, options.prune, moved: moved, isRollback: plan.isRollback)
    let due =
      try await plan.overwrites
      ? manifests.manifests.filter { $0.wishes.hook == nil } : due(of: manifests, contents, stored.inventory)
    return Work(manifests: manifests, due: due, pruning: pruning, stored: stored)
  }

  /// Of a release's objects, those that aren't as the inventory says they were applied.
  func due(
    of manifests: ManifestSet, _ contents: any ReleaseContents, _ inventory: ClusterInventory
  ) async throws -> [Manifest] {
    let applied = try await appliedIdentities(contents)
    return manifests.manifests.filter { manifest in
      manifest.wishes.hook == nil
        && inventory.item(manifest.reference)?.applied != applied[Identity(manifest.reference)]
    }
  }

  /// Of a manifest as it is sent.
  func identity(of manifest: Manifest, _ contents: any ReleaseContents) throws -> ContentID {
    try contents.identity(of: ApplyBody.json(manifest, owner: owner).bytes)
  }

  // MARK: Steps

  func materialise(_ plan: Plan, _ contents: any ReleaseContents) async throws -> StepReport {
    let work = try await work(plan, contents)
    try DeploymentOrder(work.manifests.manifests).check()
    let count = work.manifests.manifests.count
    return StepReport(
      step: .materialise,
      summary: "read \(count) objects: \(work.due.count) to apply, \(work.pruning.deletions.count) to delete")
  }

  /// Has the server say of every object what it would do, so that one that is wrong changes nothing.
  func validate(_ plan: Plan, _ contents: any ReleaseContents) async throws -> StepReport {
    guard options.check else { return StepReport(step: .validate, summary: "no check is configured") }
    let work = try await work(plan, contents)
    let coming = try await ComingNames(of: work.due, on: cluster.client())
    let order = DeploymentOrder(work.manifests.manifests)
    let all = work.due + order.hooks(.before) + order.hooks(.after)
    let checked = all.filter { !coming.precede($0) }
    try await applier(overwrites: plan.overwrites, plan.spared).check(checked)
    let left = all.count - checked.count
    return StepReport(
      step: .validate,
      summary: "the server accepts \(checked.count) objects"
        + (left == 0 ? "" : "; \(left) can't be asked about before their namespaces and kinds are there"))
  }

  func activate(
    _ digest: ReleaseDigest, expecting expected: ReleaseDigest?, _ plan: Plan, _ contents: any ReleaseContents
  ) async throws -> StepReport {
    var work = try await work(plan, contents)
    let inventory = work.stored.inventory
    let live = inventory.pending == nil ? inventory.release : nil
    guard live == expected || live == digest || inventory.pending == digest else {
      throw Fault(
        .target, "\(live?.short ?? "nothing") is live where the plan saw \(expected?.short ?? "nothing")",
        at: cluster.place, remedy: "look who deployed it, and plan again")
    }
    // Whatever comes of it, the inventory is read anew before the next plan.
    stored = nil
    let applier = try await applier(overwrites: plan.overwrites, plan.spared)
    try await makeNamespace(of: work, applier)
    let store = try await store()
    work.stored = try await store.write(
      inventory.expecting(work.due, of: digest), over: work.stored)
    unready = nil
    let due = Set(work.due.map { Identity($0.reference) })
    judgements.begin(digest, work.manifests, judge(by: contents), keeping: { !due.contains(Identity($0)) })
    let began = Timestamp(Date())
    try await runHooks(.before, of: work.manifests, applier)
    let overlooked = try await apply(work, applier, isRollback: plan.isRollback)
    lookTimes.applied(work.due.map(\.name), at: began)
    try await runHooks(.after, of: work.manifests, applier)
    let pruned = try await prune(work)
    let finished = try await finished(work, digest, pruned.kept, contents)
    try await goOnWatching(finished)
    stored = try await store.write(finished, over: work.stored)
    return StepReport(
      step: .activate,
      summary: "\(digest.short) is live: \((summary(of: work, pruned) + overlooked).joined(separator: ", "))")
  }

  private func summary(of work: Work, _ pruned: Pruner.Outcome) -> [String] {
    let applied = "applied \(work.due.count) of \(work.manifests.manifests.count) objects"
    let reasons = pruned.kept.prefix(3).map { "\(ObjectName($0.reference)) stays: \($0.reason)" }
    return [applied, "deleted \(pruned.deleted)"] + reasons
  }

  /// What is in the cluster at the end: the release's objects, and what stays.
  private func finished(
    _ work: Work, _ digest: ReleaseDigest, _ kept: [PrunePlan.Kept], _ contents: any ReleaseContents
  ) async throws -> ClusterInventory {
    let applied = try await appliedIdentities(contents)
    var items: [ClusterInventory.Item] = []
    for manifest in work.manifests.manifests where manifest.wishes.hook == nil {
      items.append(
        ClusterInventory.Item(
          reference: manifest.reference, applied: applied[Identity(manifest.reference)],
          keeping: manifest.wishes.keeping, wave: manifest.wishes.wave))
    }
    for stays in kept {
      if let item = work.stored.inventory.item(stays.reference) { items.append(item) }
    }
    return ClusterInventory(release: digest, pending: nil, items: items)
  }

  /// - Parameter overwrites: Whether fields of others are taken over, whatever the options say.
  func applier(overwrites: Bool, _ spared: SparedFields) async throws -> Applier {
    Applier(
      client: try await cluster.client(), owner: owner, comparer: comparer,
      force: overwrites || options.onConflict == .force, takeOverFrom: options.takeOverFrom, judgements: judgements,
      permit: permit, sparing: Sparing(fields: spared))
  }

  /// The inventory needs its namespace before anything else is there; it may come with the release.
  private func makeNamespace(of work: Work, _ applier: Applier) async throws {
    guard work.stored.version == nil else { return }
    let own = work.manifests.manifests.filter {
      $0.reference.kind.groupKind == .namespace && $0.reference.name == options.namespace
    }
    try await applier.apply(own)
  }

  func readyWait(_ jobs: HealthRules.Jobs) async throws -> ReadyWait {
    ReadyWait(client: try await cluster.client(), rules: healthRules.awaiting(jobs), within: options.readyWithin)
  }

  /// Waits for what the next stage needs: kinds that the server knows by then.
  func settle(_ stage: [Manifest]) async throws {
    let definitions = stage.filter { $0.reference.kind.groupKind == .customResourceDefinition }
    guard !definitions.isEmpty else { return }
    let client = try await cluster.client()
    let waiting = ReadyWait(client: client, rules: healthRules, within: .seconds(60))
    try await waiting.wait(for: definitions.map(\.reference))
    try await knowServed(definitions, client)
  }

  /// A server says that a kind is established a moment before it answers for it.
  private func knowServed(_ definitions: [Manifest], _ client: APIClient) async throws {
    let end = ContinuousClock.now + .seconds(30)
    let specs = try definitions.map { try $0.root["spec"] }
    let groups = Set(specs.compactMap { $0?["group"]?.text })
    let kinds = Set(specs.compactMap { $0?["names"]?["kind"]?.text })
    while true {
      await client.discovery.forget()
      let known = try await client.resources().resources.filter { groups.contains($0.kind.group) }.map(\.kind.kind)
      if kinds.isSubset(of: known) || ContinuousClock.now > end { return }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  // MARK: Pruning

  /// Deletes what the release no longer has, of what is still ours.
  ///
  /// - Returns: What stays, and why.
  private func prune(_ work: Work) async throws -> Pruner.Outcome {
    var outcome = try await pruner().delete(work.pruning.deletions)
    outcome.kept = work.pruning.kept + outcome.kept
    return outcome
  }

  func pruner() async throws -> Pruner {
    Pruner(client: try await cluster.client(), owner: owner, permit: permit)
  }
}
