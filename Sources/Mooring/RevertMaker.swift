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

  /// A revert, and the objects that exist nowhere durable yet.
  struct Made {
    var revert: RevertMade
    var objects: [RawObject]
  }

  private var git: Repository { repository.git }

  /// - Throws: `Fault`; then nothing is left behind.
  func make(_ request: RevertRequest, id: Identifier, on head: ObjectID, _ state: EnvironmentState, at now: Timestamp)
    async throws -> Made
  {
    switch request.scope {
    case .release(let target): try restore(target, request, id, on: head, state, at: now)
    case .commit(let revision): try await undo(revision, request, id, on: head, state, at: now)
    }
  }

  // MARK: Back to a release

  private func restore(
    _ target: ReleaseReference, _ request: RevertRequest, _ id: Identifier, on head: ObjectID,
    _ state: EnvironmentState, at now: Timestamp
  ) throws -> Made {
    let headTree = try git.commit(head).tree
    let targetTree = try git.commit(target.revision.object).tree
    let paths = environment.definition.paths
    let tree =
      paths == ["."]
      ? targetTree
      : try git.replacing(
        entriesAt: paths.map { (path: $0, entry: try git.entry(at: $0, in: targetTree)) }, in: headTree)
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
      environment: environment.name, from: state.deployed?.release.label, to: target.label, request: request)
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

  // MARK: One commit

  private func undo(
    _ revision: Revision, _ request: RevertRequest, _ id: Identifier, on head: ObjectID, _ state: EnvironmentState,
    at now: Timestamp
  ) async throws -> Made {
    let target = try revision.object
    guard try git.kind(of: target) == .commit, try git.isAncestor(target, of: head) else {
      throw Fault(
        .notFound, "commit \(revision) is not on the branch", at: repository.configuration.branch,
        remedy: "`mooring releases \(environment.name)` names the commits of its releases")
    }
    let commit = try git.commit(target)
    let headTree = try git.commit(head).tree
    let tree = try undoneTree(commit, headTree: headTree)
    guard tree != headTree else {
      throw Fault(
        .state, "commit \(revision.short) has nothing to undo in \(environment.name)",
        remedy: "it changed nothing there, or has been undone already")
    }
    try checkShared(from: headTree, to: tree, request)
    let rendered = try await render(tree, state)
    let message = RevertMessage(
      environment: environment.name, from: state.deployed?.release.label, to: nil, request: request)
    let made = try self.commit(tree, on: head, message.single(commit), request, at: now, known: [headTree])
    let digest = try rendered.tree.content
    let known = state.verified.last { $0.release.digest == digest }?.release
    let to = ReleaseReference(
      number: nil, revision: try made.id.content, digest: digest, restores: known?.number ?? known?.restores)
    return Made(
      revert: RevertMade(
        id: id, request: request, from: state.deployed?.release, to: to, undone: [revision],
        revert: RevertCommit(commit: to.revision, on: try head.content), ranBefore: ranBefore(digest, state)),
      objects: made.objects + rendered.objects)
  }

  /// The three-way merge of `git revert`, of the environment's inputs alone. A merge is undone against its mainline.
  private func undoneTree(_ commit: Commit, headTree: ObjectID) throws -> ObjectID {
    func inputs(of tree: ObjectID?) throws -> ObjectID {
      try git.replacing(
        entriesAt: environment.definition.paths.map { path in
          (path: path, entry: try tree.flatMap { try git.entry(at: path, in: $0) })
        }, in: headTree)
    }
    let whole = environment.definition.paths == ["."]
    let before = try commit.parents.first.map { try git.commit($0).tree }
    let theirs = try whole ? before ?? git.writeTree([]) : inputs(of: before)
    let base = try whole ? commit.tree : inputs(of: commit.tree)
    switch try git.merge(headTree, theirs, base: base) {
    case .tree(let tree): return tree
    case .conflicts(let conflicts):
      throw Fault(
        .conflict, "commit \(commit.id.hex.prefix(8)) can't be undone by itself:\n" + ConflictText(conflicts).text,
        remedy: "go back to a release as a whole with `--to vN`, or revert by hand and push")
    }
  }

  private func render(
    _ tree: ObjectID, _ state: EnvironmentState
  ) async throws -> (tree: ObjectID, objects: [RawObject]) {
    switch try await rendering.maker(mailmap: Mailmap()).render(tree, trusting: state.newest?.digest) {
    case .rendered(let tree, let objects): return (tree, objects)
    case .refused(let fault): throw fault
    }
  }

  // MARK: Both

  private func ranBefore(_ digest: ReleaseDigest, _ state: EnvironmentState) -> Bool {
    state.verified.contains { $0.release.digest == digest }
  }

  private func checkShared(from old: ObjectID, to new: ObjectID, _ request: RevertRequest) throws {
    guard !request.includeShared else { return }
    let paths = try git.changes(from: old, to: new).map(\.path)
    let shared = neighbours.filter { neighbour in
      neighbour.name != environment.name
        && neighbour.definition.paths.contains { input in
          paths.contains { $0 == input || $0.hasPrefix(input + "/") || input == "." }
        }
    }
    guard shared.isEmpty else {
      throw Fault(
        .conflict, "the revert changes inputs of \(shared.map(\.name.string).sorted().joined(separator: ", ")) too",
        remedy: "see `mooring plan` of each, then repeat with --include-shared")
    }
  }

  private func commit(
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
