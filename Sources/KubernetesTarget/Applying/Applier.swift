import Documents
import Kubernetes
import MooringModel

/// Applies manifests, a bounded number at a time.
struct Applier: Sendable {
  /// Requests under way at once: more make the server slower, not faster.
  static let atOnce = 8
  /// How often an object is applied that others write at the same moment: servers try a few times themselves.
  private static let tries = 6

  let client: APIClient
  let owner: ObjectOwner
  let comparer: ObjectComparer
  /// Whether fields that others have set are taken over. Never those of another environment's object.
  let force: Bool
  /// Managers of other tools whose fields become ours when an object is applied for the first time.
  let takeOverFrom: Set<String>
  /// Takes what the server made of an object.
  let judgements: Judgements
  let permit: WritePermit
  let sparing: Sparing

  /// - Throws: `Fault` of the first object that the server refuses; others of the same stage may be applied by then.
  func apply(_ manifests: [Manifest]) async throws {
    try await each(manifests) { try await self.apply($0, isDryRun: false) }
  }

  /// Asks the server what it would say, and changes nothing.
  ///
  /// - Throws: `Fault` of the first object that it would refuse.
  func check(_ manifests: [Manifest]) async throws {
    try await each(manifests) { $0.isMadeAnew ? try await self.checkNew($0) : try await self.apply($0, isDryRun: true) }
  }

  private func checkNew(_ manifest: Manifest) async throws {
    do { try await tryHook(manifest) } catch let error as KubernetesError {
      throw RefusedObject(manifest, error).fault
    }
  }

  /// Whether the server would take a hook, and let it be deleted before where it is there.
  ///
  /// - Throws: `KubernetesError` of the server's; `Fault` where what is there is somebody else's.
  func tryHook(_ manifest: Manifest) async throws {
    if manifest.isMadeAnew, try await remover.find(manifest.reference) != nil {
      return try await tryReplacement(manifest)
    }
    try await send(manifest, isDryRun: true)
  }

  /// What the server would make of an object; `nil` where it would leave it alone.
  func preview(_ manifest: Manifest) async throws(KubernetesError) -> KubernetesObject? {
    try await send(manifest, isDryRun: true)
  }

  /// Whether the server would take an object anew, where it can't be changed.
  func tryReplacement(_ manifest: Manifest) async throws(KubernetesError) {
    try await ReplacementTrial(client: client, owner: owner).check(manifest)
  }

  /// Deletes objects where they are there, and makes them anew.
  func replace(_ manifests: [Manifest]) async throws {
    try await each(manifests) { manifest in
      do {
        try await self.remover.removeWhole(manifest.reference)
        try await self.apply(manifest, isDryRun: false)
      } catch let error as KubernetesError {
        throw RefusedObject(manifest, error).fault
      }
    }
  }

  private func each(_ manifests: [Manifest], _ body: @escaping @Sendable (Manifest) async throws -> Void) async throws {
    _ = try await manifests.collect(atOnce: Self.atOnce, body)
  }

  private func apply(_ manifest: Manifest, isDryRun: Bool) async throws {
    do {
      try await send(manifest, isDryRun: isDryRun)
    } catch {
      guard manifest.mayBeReplaced, error.isAboutImmutable else { throw RefusedObject(manifest, error).fault }
      do {
        // What is there isn't deleted for an object that the server wouldn't take.
        try await tryReplacement(manifest)
        if isDryRun { return }
        try await remover.removeWhole(manifest.reference)
        try await send(manifest, isDryRun: false)
      } catch let error as KubernetesError {
        throw RefusedObject(manifest, error).fault
      }
    }
  }

  @discardableResult
  private func send(_ manifest: Manifest, isDryRun: Bool) async throws(KubernetesError) -> KubernetesObject? {
    let options = WriteOptions(
      fieldManager: owner.manager, isDryRun: isDryRun, fieldValidation: isDryRun ? .strict : nil)
    // As late as can be: what is on its way when the process is paused can't be called back.
    if !isDryRun { try permit.check() }
    if manifest.wishes.isOnlyMade {
      let body = try ApplyBody.json(manifest, owner: owner)
      do { return try await client.create(body, as: manifest.reference, options) } catch {
        if error.code == .alreadyExists { return nil }
        throw error
      }
    }
    if !isDryRun { try await takeover.take(manifest.reference) }
    let applied: KubernetesObject
    do { applied = try await apply(manifest, options) } catch {
      // Whose the object is can't be taken over: it is asked about before anything is forced.
      guard error.isAboutFieldsOnly else { throw error }
      applied = try await apply(manifest, options, after: error)
    }
    if isDryRun { return applied }
    judgements.see(applied)
    if judgements[Identity(manifest.reference)]?.deviation?.isOpen ?? false {
      try comparer.note(answer: applied, to: manifest, staying: sparing.fields(of: manifest))
      judgements.see(applied)
    }
    return applied
  }

  /// What stays as it is is left out; what else others have is taken over where that is allowed.
  private func apply(
    _ manifest: Manifest, _ options: WriteOptions, after conflict: KubernetesError
  ) async throws(KubernetesError) -> KubernetesObject {
    var options = options
    options.force = force
    if !force, options.isDryRun { options.force = try await takeover.wouldEnd(conflict, at: manifest.reference) }
    guard options.force || sparing.yields(to: conflict.fieldConflicts, in: manifest, comparer) else { throw conflict }
    return try await apply(manifest, options, yielding: true)
  }

  /// - Parameter yielding: Whether others are known to have fields of the object.
  private func apply(
    _ manifest: Manifest, _ options: WriteOptions, yielding: Bool = false
  ) async throws(KubernetesError) -> KubernetesObject {
    for attempt in 1..<Self.tries {
      do {
        return try await client.apply(try await body(of: manifest, yielding), to: manifest.reference, options)
      } catch {
        guard error.code == .conflict, error.fieldConflicts.isEmpty else { throw error }
      }
      try await client.pause(afterFailures: attempt)
      if !options.isDryRun { try permit.check() }
    }
    return try await client.apply(try await body(of: manifest, yielding), to: manifest.reference, options)
  }

  /// What isn't ours of an object that is there isn't in it. It is read only where there may be such a thing.
  private func body(of manifest: Manifest, _ yielding: Bool) async throws(KubernetesError) -> JSONBody {
    let spared = sparing.fields(of: manifest)
    guard yielding || !spared.isEmpty, let live = try await client.find(manifest.reference) else {
      return try ApplyBody.json(manifest, owner: owner)
    }
    let owners = try FieldOwners(of: live, ours: comparer.manager, ignoring: comparer.ignoredManagers)
    let body = try SparedBody(
      manifest.root, over: live.root, owners, sparing: spared, isWhole: sparing.isWhole(manifest),
      makesMissing: true)
    return try ApplyBody.json(
      manifest, owner: owner, fields: body.value, version: live.resourceVersion)
  }

  private var remover: ObjectRemover { ObjectRemover(client: client, owner: owner, permit: permit) }

  private var takeover: FieldTakeover {
    FieldTakeover(client: client, owner: owner, managers: takeOverFrom, permit: permit)
  }
}

extension KubernetesError {
  /// Whether other managers have fields of an object, and not the object itself.
  fileprivate var isAboutFieldsOnly: Bool {
    !fieldConflicts.isEmpty && !fieldConflicts.contains(where: \.isAboutOwner)
  }
}

extension FieldConflict {
  /// Whether it is the label that says whose the object is.
  var isAboutOwner: Bool { field.contains(ManagedObject.label) }
}
