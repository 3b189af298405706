internal import CLibgit2

extension Repository {
  /// Objects above this many bytes are not read: a small pack can hold one that would take all memory.
  public static let largestObject = 256 << 20

  /// Reads an object and lends its bytes to `body`, which must not keep them nor call the repository.
  ///
  /// The bytes are hashed first, and throw `unreadable` when they are not what the id promises, unless the caller
  /// only passes through them.
  func withObject<T: Sendable>(
    _ id: ObjectID, hashed: Bool = true, limit: Int = largestObject, _ operation: @autoclosure () -> String,
    _ body: (ObjectKind, UnsafeRawBufferPointer) throws(GitError) -> T
  ) throws(GitError) -> T {
    try locked { (handle) throws(GitError) -> T in
      var oid = id.oid
      if hashed { try Self.requireBearable(&oid, limit, handle.database, operation()) }
      var object: OpaquePointer?
      try check(git_odb_read(&object, handle.database, &oid), operation())
      guard let object, let kind = ObjectKind(git_odb_object_type(object)) else {
        git_odb_object_free(object)
        throw GitError(.unreadable, "\(id) is of an unknown kind", operation: operation())
      }
      defer { git_odb_object_free(object) }
      let bytes = UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))
      if hashed {
        var actual = git_oid()
        try check(git_odb_hash(&actual, bytes.baseAddress, bytes.count, kind.type), operation())
        guard ObjectID(actual) == id else {
          throw GitError(.unreadable, "its bytes are not those of \(id)", operation: operation())
        }
      }
      return try body(kind, bytes)
    }
  }

  /// The header alone says how large an object is, before anything of that size is allocated.
  private static func requireBearable(
    _ oid: inout git_oid, _ limit: Int, _ database: OpaquePointer, _ operation: String
  ) throws(GitError) {
    var size = 0
    var type = GIT_OBJECT_ANY
    try check(git_odb_read_header(&size, &type, database, &oid), operation)
    guard size <= min(limit, largestObject) else {
      throw GitError(
        .invalid, "it has \(size) bytes, more than \(min(limit, largestObject))", operation: operation)
    }
  }

  /// As `withObject`, for an object that must be of one kind and make sense as such: `body` returns nil if it doesn't.
  func decode<T: Sendable>(
    _ id: ObjectID, as expected: ObjectKind, hashed: Bool = true, limit: Int = largestObject,
    _ body: (UnsafeRawBufferPointer) -> T?
  ) throws(GitError) -> T {
    try withObject(id, hashed: hashed, limit: limit, "read the \(expected) \(id)") {
      (kind, bytes) throws(GitError) -> T in
      guard kind == expected else {
        throw GitError(.invalid, "it is a \(kind)", operation: "read the \(expected) \(id)")
      }
      guard let value = body(bytes) else {
        throw GitError(.unreadable, "it is malformed", operation: "read the \(expected) \(id)")
      }
      return value
    }
  }

  public func commit(_ id: ObjectID) throws(GitError) -> Commit {
    try decode(id, as: .commit) { Commit(id: id, decoding: $0) }
  }

  /// The kind of an object, or nil when the repository doesn't hold it.
  public func kind(of id: ObjectID) throws(GitError) -> ObjectKind? {
    try header(of: id)?.kind
  }

  /// The kind and the size of an object, without reading the rest of it; nil when the repository doesn't hold it.
  func header(of id: ObjectID) throws(GitError) -> (kind: ObjectKind, size: Int)? {
    let operation = "look for the object \(id)"
    return try locked { (handle) throws(GitError) -> (ObjectKind, Int)? in
      var oid = id.oid
      var size = 0
      var type = GIT_OBJECT_ANY
      let code = git_odb_read_header(&size, &type, handle.database, &oid)
      if code == GIT_ENOTFOUND.rawValue { return nil }
      try check(code, operation)
      guard let kind = ObjectKind(type) else {
        throw GitError(.unreadable, "it is of an unknown kind", operation: operation)
      }
      return (kind, size)
    }
  }

  /// Whether the object is there, by its name alone: a damaged one is there too (`verify` tells).
  public func contains(_ id: ObjectID) -> Bool {
    let found = try? locked { (handle) throws(GitError) -> Bool in
      var oid = id.oid
      return git_odb_exists(handle.database, &oid) == 1
    }
    return found ?? false  // the closure can't throw
  }

  /// A blob's bytes; throws `invalid` when there are more than `limit`.
  public func blob(_ id: ObjectID, limit: Int = largestObject) throws(GitError) -> [UInt8] {
    try decode(id, as: .blob, limit: limit) { Array($0) }
  }

  /// A blob's bytes for an index that can be made again: they are not hashed, so damage that zlib doesn't see is believed.
  /// nil when there are more than `limit`.
  public func indexedBlob(_ id: ObjectID, limit: Int) throws(GitError) -> [UInt8]? {
    guard try blobSize(id) <= min(limit, Self.largestObject) else { return nil }
    return try decode(id, as: .blob, hashed: false) { Array($0) }
  }

  /// A blob's size in bytes, from its header alone.
  public func blobSize(_ id: ObjectID) throws(GitError) -> Int {
    guard let header = try header(of: id) else {
      throw GitError(.notFound, "there is no such object", operation: "read the blob \(id)")
    }
    guard header.kind == .blob else {
      throw GitError(.invalid, "it is a \(header.kind)", operation: "read the blob \(id)")
    }
    return header.size
  }

  public func readRaw(_ id: ObjectID) throws(GitError) -> RawObject {
    try withObject(id, "read the object \(id)") { (kind, bytes) throws(GitError) -> RawObject in
      RawObject(kind: kind, bytes: Array(bytes))
    }
  }

  /// The tree of a commit, or the tree itself; a tag is followed.
  func tree(ofCommitOrTree id: ObjectID) throws(GitError) -> ObjectID {
    let operation = "find the tree of \(id)"
    var id = id
    for _ in 0..<16 {
      let current = id
      let step = try withObject(current, operation) { (kind, bytes) throws(GitError) -> (ObjectID, Bool) in
        switch kind {
        case .tree: return (current, true)
        case .commit:
          guard let link = Commit.link(decoding: bytes) else { break }
          return (link.tree, true)
        case .tag:
          guard let target = Tag.target(decoding: bytes) else { break }
          return (target, false)
        case .blob: throw GitError(.invalid, "it is a blob", operation: operation)
        }
        throw GitError(.unreadable, "it is malformed", operation: operation)
      }
      if step.1 { return step.0 }
      id = step.0
    }
    throw GitError(.invalid, "tags point at tags, without end", operation: operation)
  }
}
