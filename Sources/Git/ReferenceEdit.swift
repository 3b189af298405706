internal import CLibgit2
internal import Glibc

/// One compare-and-swap of a reference, under the lock file that Git's own programs respect.
struct ReferenceEdit {
  enum Expectation: Hashable {
    case anything
    /// This id, or no reference.
    case exactly(ObjectID?)
  }

  /// Where the reference shall point; nil deletes it.
  var target: ObjectID?
  var expected: Expectation
  var log: String

  func operation(on name: String) -> String {
    target.map { "set the reference \(name) to \($0)" } ?? "delete the reference \(name)"
  }

  /// Locks, looks, then writes: nobody who takes the lock too can come between.
  func carryOut(on name: String, in handle: Repository.Handle) throws(GitError) {
    let operation = operation(on: name)
    var transaction: OpaquePointer?
    try check(git_transaction_new(&transaction, handle.repository), operation)
    defer { git_transaction_free(transaction) }
    try check(git_transaction_lock_ref(transaction, name), operation)
    let current = try Self.directTarget(of: name, in: handle, operation)
    if case .exactly(let old) = expected, old != current { throw Self.conflict(current, old, operation) }
    if current == nil { try Self.requireRoom(for: name, in: handle, operation) }
    if let target {
      var oid = target.oid
      try check(git_transaction_set_target(transaction, name, &oid, nil, log), operation)
    } else {
      try check(git_transaction_remove(transaction, name), operation)
    }
    try check(git_transaction_commit(transaction), operation)
  }

  private static func conflict(_ current: ObjectID?, _ old: ObjectID?, _ operation: String) -> GitError {
    let expected = old.map { "point at \($0)" } ?? "not exist"
    let actual = current.map { "points at \($0)" } ?? "doesn't exist"
    return GitError(.conflict, "it should \(expected), and \(actual)", operation: operation)
  }

  /// Where the reference points by itself: a symbolic one is somebody else's to move.
  static func directTarget(
    of name: String, in handle: Repository.Handle, _ operation: String
  ) throws(GitError) -> ObjectID? {
    var reference: OpaquePointer?
    let code = git_reference_lookup(&reference, handle.repository, name)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try check(code, operation)
    defer { git_reference_free(reference) }
    guard let oid = git_reference_target(reference) else {
      throw GitError(.invalid, "it is symbolic", operation: operation)
    }
    return ObjectID(oid.pointee)
  }

  /// `refs/heads/a` and `refs/heads/a/b` can't both exist; libgit2's lock sees only those that are files of their own.
  static func requireRoom(
    for name: String, in handle: Repository.Handle, _ operation: String
  ) throws(GitError) {
    var parts = name.split(separator: "/").dropLast()
    while parts.count > 1 {
      let parent = parts.joined(separator: "/")
      var oid = git_oid()
      if git_reference_name_to_id(&oid, handle.repository, parent) == 0 {
        throw GitError(.conflict, "the reference \(parent) is in its way", operation: operation)
      }
      parts.removeLast()
    }
    guard mayHaveReferences(below: name, in: handle) else { return }
    var iterator: OpaquePointer?
    try check(git_reference_iterator_glob_new(&iterator, handle.repository, name + "/*"), operation)
    defer { git_reference_iterator_free(iterator) }
    var child: UnsafePointer<CChar>?
    let code = git_reference_next_name(&child, iterator)
    if code == GIT_ITEROVER.rawValue { return }
    try check(code, operation)
    let below = child.map { String(cString: $0) } ?? name
    throw GitError(.conflict, "the reference \(below) is in its way", operation: operation)
  }

  /// Two looks at the file system: libgit2 would list every reference beside this one, which makes the first move of
  /// many quadratic.
  private static func mayHaveReferences(below name: String, in handle: Repository.Handle) -> Bool {
    guard let folder = git_repository_commondir(handle.repository) else { return true }
    let path = String(cString: folder)
    return access(path + "packed-refs", F_OK) == 0 || access(path + name, F_OK) == 0
  }
}
