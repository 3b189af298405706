internal import CLibgit2

extension Repository {
  /// More objects than this in one `write` become one pack: three files to force to disk instead of two for each.
  static let mostLooseObjects = 16
  /// Larger objects than this stay loose, in bytes: a pack's writer looks for what each has in common with the ten before
  /// it, which takes seconds where all are large.
  static let largestPacked = 64 << 10

  public func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
    try write(.blob(bytes))
  }

  /// The id that a blob of these bytes has, without writing it.
  public static func identity(ofBlob bytes: [UInt8]) throws(GitError) -> ObjectID {
    try RawObject.identity(of: .blob(bytes))
  }

  /// Writes a commit object and moves no reference.
  public func createCommit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) throws(GitError) -> ObjectID {
    try write(.commit(tree: tree, parents: parents, author: author, committer: committer, message: message))
  }

  /// Writes one level of a tree; `entries` may be in any order. Throws `invalid` for names that Git forbids.
  public func writeTree(_ entries: [TreeEntry]) throws(GitError) -> ObjectID {
    try write(.tree(entries))
  }

  /// Writes objects whose ids are their content: loose when they are few or large, one pack when there are more
  /// than 16.
  ///
  /// What is there already is left alone. Throws `invalid`, before anything is written, when one of them is malformed.
  public func write(_ objects: [RawObject]) throws(GitError) {
    for object in objects { try Self.accept(object) }
    guard objects.count > Self.mostLooseObjects else {
      for object in objects { _ = try store(object) }
      return
    }
    let missing = objects.count > 0 ? try absent(among: objects) : []
    guard missing.count > Self.mostLooseObjects else {
      for object in missing { _ = try store(object) }
      return
    }
    for object in missing where object.bytes.count > Self.largestPacked { _ = try store(object) }
    let small = missing.filter { $0.bytes.count <= Self.largestPacked }
    guard !small.isEmpty else { return }
    try locked { (handle) throws(GitError) in
      let stage = try PackStage(holding: small)
      try stage.builder.write(into: handle.database)
    }
  }

  private func write(_ object: RawObject) throws(GitError) -> ObjectID {
    try Self.accept(object)
    return try store(object)
  }

  private static func accept(_ object: RawObject) throws(GitError) {
    guard let reason = objection(to: object) else { return }
    throw GitError(.invalid, reason, operation: "write a \(object.kind)")
  }

  private func store(_ object: RawObject) throws(GitError) -> ObjectID {
    try locked { (handle) throws(GitError) -> ObjectID in
      var oid = git_oid()
      let code = object.bytes.withUnsafeBytes {
        git_odb_write(&oid, handle.database, $0.baseAddress, $0.count, object.kind.type)
      }
      try check(code, "write a \(object.kind)")
      return ObjectID(oid)
    }
  }

  /// Looks for new packs once and not for each object: nearly all of them are absent.
  private func absent(among objects: [RawObject]) throws(GitError) -> [RawObject] {
    let ids = try objects.map { (object) throws(GitError) in try RawObject.identity(of: object) }
    return try locked { (handle) throws(GitError) in
      try check(git_odb_refresh(handle.database), "look for new packs")
      let flags = UInt32(GIT_ODB_LOOKUP_NO_REFRESH.rawValue)
      var seen: Set<ObjectID> = []
      return zip(objects, ids).filter { _, id in
        var oid = id.oid
        return seen.insert(id).inserted && git_odb_exists_ext(handle.database, &oid, flags) != 1
      }.map(\.0)
    }
  }
}
