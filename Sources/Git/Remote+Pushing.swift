import Glibc

extension Remote {
  /// Moves references of a remote to objects of `repo`, each by itself and only from where it is expected to be.
  ///
  /// Never forced: an update whose expected commit isn't an ancestor of the new one is refused. Objects are complete
  /// on the remote before a reference moves, and the move is a compare-and-swap under Git's own lock, so nobody's work
  /// is lost however the push races. **No hook of the remote runs**, neither `pre-receive` nor `post-receive`: a local
  /// remote that enforces rules by hooks must not be pushed to this way. Throws when the remote can't be opened or
  /// the copying fails; what concerns one reference is its result.
  public static func push(
    from repo: Repository, to url: String, updates: [PushUpdate],
    progress: (TransferProgress) -> Void = { _ in }
  ) throws(GitError) -> PushOutcome {
    try push(from: repo, to: url, updates: updates, progress: progress, beforeMoving: {})
  }

  /// `beforeMoving` is called when the objects are there and no reference has moved yet.
  static func push(
    from repo: Repository, to url: String, updates: [PushUpdate],
    progress: (TransferProgress) -> Void, beforeMoving: () -> Void
  ) throws(GitError) -> PushOutcome {
    let remote = try Remote(url: url).open()
    let place = FolderIdentity(remote.path)
    let checkedOut = remote.isBare ? nil : try remote.branchOfHead()
    var early: [PushOutcome.Result?] = []
    for update in updates {
      early.append(try objection(to: update, from: repo, to: remote, checkedOut: checkedOut))
    }
    let wants = zip(updates, early).compactMap { $1 == nil ? $0.local : nil }
    let haves = try remote.references(prefix: "refs/").map(\.id)
    _ = try ObjectCopy(from: repo, to: remote).run(wants: wants, haves: haves, progress: progress)
    beforeMoving()
    try place.check(during: "push to \(url)")
    var results: [PushOutcome.Entry] = []
    for (update, result) in zip(updates, early) {
      var result = result
      if result == nil { result = try move(update, from: repo, on: remote) }
      results.append(.init(name: update.name, result: result ?? .pushed))
    }
    try place.check(during: "push to \(url)")
    return PushOutcome(results: results)
  }

  /// Which folder a path leads to. One that was moved away, unmounted or replaced meanwhile has got nothing of what was
  /// written to its path, and folders that lead to a reference may have been made in its place.
  private struct FolderIdentity: Equatable {
    let path: String
    let device: dev_t
    let inode: ino_t

    init(_ path: String) {
      var status = stat()
      let isThere = stat(path, &status) == 0
      self.path = path
      (device, inode) = isThere ? (status.st_dev, status.st_ino) : (0, 0)
    }

    func check(during operation: String) throws(GitError) {
      guard Self(path) != self else { return }
      throw GitError(.notFound, "the repository was moved away or replaced meanwhile", operation: operation)
    }
  }

  /// What can be said of an update before anything is copied; nil when it may go on.
  private static func objection(
    to update: PushUpdate, from repo: Repository, to remote: Repository, checkedOut: String?
  ) throws(GitError) -> PushOutcome.Result? {
    guard update.name.hasPrefix("refs/") else { return .refused("\(update.name) is not below refs/") }
    guard update.name != checkedOut else { return .refused("\(update.name) is checked out there") }
    guard let kind = try repo.kind(of: update.local) else { return .refused("there is no object \(update.local)") }
    let current = try remote.reference(update.name)
    if current == update.local { return .pushed }
    guard current == update.expecting else { return .moved(current) }
    guard let old = update.expecting else { return nil }
    guard kind == .commit, try repo.kind(of: old) == .commit, try repo.isAncestor(old, of: update.local) else {
      return .refused("\(old) is not an ancestor of \(update.local) here: that would need force")
    }
    return nil
  }

  private static func move(
    _ update: PushUpdate, from repo: Repository, on remote: Repository
  ) throws(GitError) -> PushOutcome.Result {
    let others = try ReferenceGuard(of: repo.path)
    defer { others.release() }
    do throws(GitError) {
      try others.editing(remote: remote.path + update.name) { () throws(GitError) in
        try remote.setReference(update.name, to: update.local, expecting: update.expecting, log: "push")
      }
      return .pushed
    } catch {
      guard error.code == .conflict else { return .refused(error.description) }
      let current = try remote.reference(update.name)
      if current == update.local { return .pushed }
      // Something else than a moved reference can be in the way: a reference above or below of the same name.
      return current == update.expecting ? .refused(error.description) : .moved(current)
    }
  }
}
