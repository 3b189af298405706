internal import CLibgit2
internal import Glibc

extension Repository {
  /// Whether the object can be read from disk and has the bytes that its id promises; false when it is absent.
  ///
  /// Opens the object database afresh, so that nothing remembered from an earlier read can answer.
  public func verify(_ id: ObjectID) -> Bool {
    let objects = path + "objects"
    let holds = try? locked { (_) throws(GitError) -> Bool in
      var database: OpaquePointer?
      try check(git_odb_open(&database, objects), "open \(objects)")
      defer { git_odb_free(database) }
      try check(mooring_git_guard_loose_objects(database, objects), "open \(objects)")
      var oid = id.oid
      var object: OpaquePointer?
      try check(git_odb_read(&object, database, &oid), "read the object \(id)")
      defer { git_odb_object_free(object) }
      var actual = git_oid()
      let type = git_odb_object_type(object)
      try check(
        git_odb_hash(&actual, git_odb_object_data(object), git_odb_object_size(object), type), "hash the object \(id)")
      return ObjectID(actual) == id
    }
    return holds ?? false  // whatever the failure, the object is not there as it should be: that is the answer
  }

  /// Reads an object and hashes it; returns its kind.
  ///
  /// Unlike `verify` it believes the object database's own cache, which holds what was hashed when it was read.
  public func kind(hashing id: ObjectID) throws(GitError) -> ObjectKind {
    try withObject(id, "check the object \(id)") { (kind, _) throws(GitError) in kind }
  }

  /// Deletes the loose file of an object that `verify` finds wrong, so that it can be written or fetched again.
  ///
  /// Throws `invalid` when the object is sound, and `notFound` when it has no loose file (a damaged pack stays).
  public func removeCorruptLooseObject(_ id: ObjectID) throws(GitError) {
    let operation = "remove the damaged object \(id)"
    guard !verify(id) else { throw GitError(.invalid, "it is sound", operation: operation) }
    let hex = id.hex
    let folder = "\(path)objects/\(hex.prefix(2))"
    guard unlink("\(folder)/\(hex.dropFirst(2))") == 0 else {
      let absent = errno == ENOENT
      let reason = String(cString: strerror(errno))
      throw GitError(absent ? .notFound : .unreadable, reason, operation: operation)
    }
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return }  // the folder itself is gone: there is nothing left to make durable
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw GitError(.unreadable, String(cString: strerror(errno)), operation: operation)
    }
  }
}
