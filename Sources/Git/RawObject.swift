internal import CLibgit2

/// An object as its bytes, before they are compressed and without their header.
public struct RawObject: Hashable, Sendable {
  public var kind: ObjectKind
  public var bytes: [UInt8]

  public init(kind: ObjectKind, bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  /// The id that the object has in every repository; costs one SHA-1 of the bytes each time.
  public var id: ObjectID {
    get throws(GitError) { try Self.identity(of: self) }
  }

  public static func identity(of object: RawObject) throws(GitError) -> ObjectID {
    try GitLibrary.start()
    var oid = git_oid()
    let code = object.bytes.withUnsafeBytes { git_odb_hash(&oid, $0.baseAddress, $0.count, object.kind.type) }
    try check(code, "hash a \(object.kind)")
    return ObjectID(oid)
  }

  public static func commit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) -> RawObject {
    let bytes = Repository.encodeCommit(
      tree: tree, parents: parents, author: author, committer: committer, message: message)
    return RawObject(kind: .commit, bytes: bytes)
  }

  public static func tree(_ entries: [TreeEntry]) -> RawObject {
    RawObject(kind: .tree, bytes: Repository.encodeTree(entries))
  }

  public static func blob(_ bytes: [UInt8]) -> RawObject { RawObject(kind: .blob, bytes: bytes) }
}
