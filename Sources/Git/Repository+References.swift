internal import CLibgit2
internal import Glibc

extension Repository {
  /// What a reference points at, through symbolic ones; nil when it, or the branch it names, doesn't exist.
  ///
  /// Only exact names (`refs/heads/main`, `HEAD`) are understood, and never Git's revision syntax. Throws `invalid`
  /// for anything that can't be a reference's name.
  public func reference(_ name: String) throws(GitError) -> ObjectID? {
    let operation = "read the reference \(name)"
    try Self.requireReferenceName(name, operation)
    return try locked { (handle) throws(GitError) -> ObjectID? in
      var oid = git_oid()
      let code = git_reference_name_to_id(&oid, handle.repository, name)
      if code == GIT_ENOTFOUND.rawValue { return nil }
      try check(code, operation)
      return ObjectID(oid)
    }
  }

  /// The references whose names begin with `prefix`, by name; a symbolic one with what it leads to, if anything.
  public func references(prefix: String) throws(GitError) -> [(name: String, id: ObjectID)] {
    let operation = "list the references below \(prefix)"
    try refuseNUL(in: prefix, operation)
    let isPattern = prefix.utf8.contains { "*?[]\\".utf8.contains($0) }
    let found = try locked { (handle) throws(GitError) -> [(name: String, id: ObjectID)] in
      var iterator: OpaquePointer?
      let code =
        isPattern
        ? git_reference_iterator_new(&iterator, handle.repository)
        : git_reference_iterator_glob_new(&iterator, handle.repository, prefix + "*")
      try check(code, operation)
      defer { git_reference_iterator_free(iterator) }
      var found: [(name: String, id: ObjectID)] = []
      while let reference = try Self.next(iterator, operation) {
        defer { git_reference_free(reference) }
        guard let name = git_reference_name(reference).map({ String(cString: $0) }), name.hasPrefix(prefix),
          let id = try Self.target(of: reference, operation)
        else { continue }
        found.append((name, id))
      }
      return found
    }
    return found.sorted { $0.name < $1.name }
  }

  /// Points a reference at `id` if it points at `old` (or doesn't exist, when `old` is nil) at that very moment.
  ///
  /// Throws `conflict` when somebody moved it, `notFound` when `id` is not here, `invalid` for names and symbolic
  /// references, and `locked` when another program keeps holding it.
  public func setReference(
    _ name: String, to id: ObjectID, expecting old: ObjectID?, log: String
  ) throws(GitError) {
    try edit(name, .init(target: id, expected: .exactly(old), log: log))
  }

  /// Points a reference at `id`, wherever it pointed.
  public func forceReference(_ name: String, to id: ObjectID, log: String) throws(GitError) {
    try edit(name, .init(target: id, expected: .anything, log: log))
  }

  /// Deletes a reference if it points at `old` at that very moment; throws `conflict` when it doesn't or is gone.
  public func deleteReference(_ name: String, expecting old: ObjectID) throws(GitError) {
    try edit(name, .init(target: nil, expected: .exactly(old), log: ""))
  }

  /// The branch that HEAD names, whether it exists or not; nil when HEAD names a commit.
  func branchOfHead() throws(GitError) -> String? {
    try locked { (handle) throws(GitError) -> String? in
      var reference: OpaquePointer?
      let code = git_reference_lookup(&reference, handle.repository, "HEAD")
      if code == GIT_ENOTFOUND.rawValue { return nil }
      try check(code, "read HEAD")
      defer { git_reference_free(reference) }
      return git_reference_symbolic_target(reference).map { String(cString: $0) }
    }
  }

  /// Throws `invalid` for what isn't a full reference's name by Git's rules (git-check-ref-format).
  package static func requireReferenceName(_ name: String, _ operation: String) throws(GitError) {
    try GitLibrary.start()
    try refuseNUL(in: name, operation)
    var isValid: Int32 = 0
    try check(git_reference_name_is_valid(&isValid, name), operation)
    guard isValid == 1 else {
      throw GitError(.invalid, "\(name.debugDescription) is no reference's full name", operation: operation)
    }
  }

  private func edit(_ name: String, _ edit: ReferenceEdit) throws(GitError) {
    try Self.requireReferenceName(name, edit.operation(on: name))
    if let target = edit.target, !contains(target) {
      throw GitError(.notFound, "there is no object \(target)", operation: edit.operation(on: name))
    }
    try guardingReferences { () throws(GitError) in
      try editingGuarded(name) { () throws(GitError) in
        try locked { (handle) throws(GitError) in try edit.carryOut(on: name, in: handle) }
      }
    }
  }

  /// Keeps our other processes from the references of a repository of ours meanwhile.
  func guardingReferences(_ body: () throws(GitError) -> Void) throws(GitError) {
    guard isOurs else { return try body() }
    let others = try ReferenceGuard(of: path)
    defer { others.release() }
    try body()
  }

  /// Edits a reference when nobody else does; in a repository of ours, whose guard is held, also where a killed process has
  /// left its lock.
  func editingGuarded(_ name: String, _ body: () throws(GitError) -> Void) throws(GitError) {
    do throws(GitError) {
      try retrying(body)
    } catch {
      guard isOurs, error.code == .locked, ReferenceGuard.removeStaleLock(of: path + name) else { throw error }
      try retrying(body)
    }
  }

  /// Deletes the file of a reference that a power failure has left empty or torn, which nothing else could move again.
  public func removeTornReference(_ name: String) throws(GitError) {
    do throws(GitError) {
      _ = try reference(name)
    } catch {
      guard error.code == .unreadable else { throw error }
      guard unlink(path + name) == 0 || errno == ENOENT else { throw Self.failure("remove the damaged \(name)") }
    }
  }

  /// Others hold a reference's lock for moments only: we try again for about a quarter of a second, as Git does.
  private func retrying(_ body: () throws(GitError) -> Void) throws(GitError) {
    for attempt in 0..<8 {
      do throws(GitError) {
        return try body()
      } catch {
        guard error.code == .locked, attempt < 7 else { throw error }
        usleep(2000 << UInt32(attempt))
      }
    }
  }

  private static func next(_ iterator: OpaquePointer?, _ operation: String) throws(GitError) -> OpaquePointer? {
    var reference: OpaquePointer?
    let code = git_reference_next(&reference, iterator)
    if code == GIT_ITEROVER.rawValue { return nil }
    try check(code, operation)
    return reference
  }

  private static func target(of reference: OpaquePointer, _ operation: String) throws(GitError) -> ObjectID? {
    if let oid = git_reference_target(reference) { return ObjectID(oid.pointee) }
    var resolved: OpaquePointer?
    let code = git_reference_resolve(&resolved, reference)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try check(code, operation)
    defer { git_reference_free(resolved) }
    return git_reference_target(resolved).map { ObjectID($0.pointee) }
  }
}
