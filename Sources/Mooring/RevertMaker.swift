import Git
import MooringJournal
import MooringModel

/// Makes revert commits: real ones, limited to the environment's inputs, in memory and in no branch.
struct RevertMaker {
  let repository: TrackedRepository
  let environment: EnvironmentConfiguration
  /// Environments of the same repository, by their input paths.
  /// All environments of the repository.
  let neighbours: [EnvironmentConfiguration]
  let releases: ReleaseIndex
  let rendering: EnvironmentRendering
  let host: String
  /// The head of the environment's journal, which a revert names for whoever verifies it later.
  let journal: ObjectID?

  /// A revert, and the objects that exist nowhere durable yet.
  struct Made {
    var revert: RevertMade
    var objects: [RawObject]
    /// Files that Git alone couldn't have merged.
    var byField: [String] = []
  }

  var git: Repository { repository.git }

  /// - Throws: `Fault`; then nothing is left behind.
  func make(_ request: RevertRequest, id: Identifier, on head: ObjectID, _ state: EnvironmentState, at now: Timestamp)
    async throws -> Made
  {
    do {
      return try await attempt(request, id: id, on: head, state, at: now)
    } catch let stopped as RevertStopped {
      throw stopped.fault
    }
  }

  /// The same; throws `RevertStopped` where somebody has to decide.
  func attempt(
    _ request: RevertRequest, id: Identifier, on head: ObjectID, _ state: EnvironmentState, at now: Timestamp
  )
    async throws -> Made
  {
    guard state.anchor != nil else { throw unmet }
    return switch request.scope {
    case .release(let target): try restore(target, request, id, on: head, state, at: now)
    case .undo(let undoing): try await undo(undoing, request, id, on: head, state, at: now)
    }
  }

  private var unmet: Fault {
    Fault(
      .state, "\(environment.name) was never looked at here: there is nothing to take back",
      remedy: "`mooring sync \(environment.name)` first")
  }

  // MARK: Back to a release

  private func restore(
    _ target: ReleaseReference, _ request: RevertRequest, _ id: Identifier, on head: ObjectID,
    _ state: EnvironmentState, at now: Timestamp
  ) throws -> Made {
    let headTree = try git.commit(head).tree
    let targetTree = try git.commit(target.revision.object).tree
    let tree = try restoredTree(targetTree, in: headTree)
    let isCurrent = state.deployed?.release.digest == target.digest
    if tree == headTree {
      guard !isCurrent else { throw alreadyRunning(target, state) }
      let restored = ReleaseReference(
        number: nil, revision: try head.content, digest: target.digest, restores: target.number)
      return Made(
        revert: RevertMade(
          id: id, request: request, from: state.deployed?.release, to: restored, undone: [], revert: nil,
          ranBefore: ranBefore(target.digest, state)),
        objects: [])
    }
    try checkShared(from: headTree, to: tree, request)
    let undone = try self.undone(since: target.revision.object, on: head)
    let message = RevertMessage(
      environment: environment.name, from: state.deployed?.release.label, to: target.label, request: request,
      journal: journal)
    let text =
      try undone.count == 1
      ? message.single(git.commit(undone[0])) : message.several(undone.map { try git.commit($0) })
    let made = try commit(tree, on: head, text, request, at: now, known: [headTree, targetTree])
    let to = ReleaseReference(
      number: nil, revision: try made.id.content, digest: target.digest, restores: target.number ?? target.restores)
    return Made(
      revert: RevertMade(
        id: id, request: request, from: state.deployed?.release, to: to,
        undone: try undone.map { try $0.content }, revert: RevertCommit(commit: to.revision, on: try head.content),
        ranBefore: ranBefore(target.digest, state)),
      objects: made.objects)
  }

  /// The head's tree, with the inputs as the target has them.
  private func restoredTree(_ target: ObjectID, in head: ObjectID) throws -> ObjectID {
    let paths = environment.definition.paths
    if paths == ["."] { return target }
    return try git.replacing(
      entriesAt: paths.map { (path: $0, entry: try git.entry(at: $0, in: target)) }, in: head)
  }

  /// Why the inputs can't be made those of a release as things are; `nil` where they can. Makes no commit.
  func obstacle(to target: ReleaseReference, on head: ObjectID) throws -> Fault? {
    let headTree = try git.commit(head).tree
    let tree = try restoredTree(git.commit(target.revision.object).tree, in: headTree)
    let request = RevertRequest(scope: .release(target), reason: "", automatic: true, initiator: .watcher)
    do { try checkShared(from: headTree, to: tree, request) } catch let fault as Fault { return fault }
    return nil
  }

  private func alreadyRunning(_ target: ReleaseReference, _ state: EnvironmentState) -> Fault {
    Fault(
      .state, "\(environment.name) already runs \(target.number?.description ?? target.label), and so says the branch",
      remedy: "nothing needs to be done; `mooring releases \(environment.name)` shows others")
  }

  /// First-parent commits after the target that changed the inputs, newest first.
  private func undone(since target: ObjectID, on head: ObjectID) throws -> [ObjectID] {
    let border = try git.isAncestor(target, of: head) ? target : git.mergeBase(target, head)
    return try git.changesOfInputs(firstParentsFrom: head, until: border, paths: environment.definition.paths)
      .map(\.commit).reversed()
  }

  func render(
    _ tree: ObjectID, _ state: EnvironmentState
  ) async throws -> (tree: ObjectID, objects: [RawObject]) {
    switch try await rendering.maker(mailmap: Mailmap()).render(tree, trusting: state.newest?.digest) {
    case .rendered(let tree, let objects): return (tree, objects)
    case .refused(let fault): throw fault
    }
  }

  // MARK: Both

  func ranBefore(_ digest: ReleaseDigest, _ state: EnvironmentState) -> Bool {
    state.verified.contains { $0.release.digest == digest }
  }

  /// Other environments whose inputs differ between two trees.
  func sharing(from old: ObjectID, to new: ObjectID) throws -> [EnvironmentConfiguration] {
    let paths = try git.changes(from: old, to: new).map(\.path)
    return neighbours.filter { neighbour in
      neighbour.name != environment.name
        && neighbour.definition.paths.contains { input in
          paths.contains { $0 == input || $0.hasPrefix(input + "/") || input == "." }
        }
    }
  }

  func checkShared(from old: ObjectID, to new: ObjectID, _ request: RevertRequest) throws {
    guard !request.includeShared else { return }
    let shared = try sharing(from: old, to: new)
    guard shared.isEmpty else { throw Self.unasked(shared.map(\.name)) }
  }

  static func unasked(_ environments: [EnvironmentName]) -> Fault {
    Fault(
      .conflict, "the revert changes inputs of \(environments.map(\.string).sorted().joined(separator: ", ")) too",
      remedy: "see with --dry-run what they would get, then repeat with --include-shared")
  }

  func commit(
    _ tree: ObjectID, on head: ObjectID, _ message: String, _ request: RevertRequest, at now: Timestamp,
    known: [ObjectID]
  ) throws -> (id: ObjectID, objects: [RawObject]) {
    let name = request.initiator.kind == .person ? request.initiator.name : "Mooring"
    let email = name.lowercased().replacing(" ", with: ".") + "@" + host
    let signature = Signature(name: name, email: email, seconds: now.seconds, offsetMinutes: 0)
    let bytes = Repository.encodeCommit(
      tree: tree, parents: [head], author: signature, committer: signature, message: message)
    let object = RawObject(kind: .commit, bytes: bytes)
    try git.write([object])
    return (try object.id, try NewObjects(repository: git).all(in: tree, absentFrom: known) + [object])
  }
}
