internal import CLibgit2

/// Objects in memory that are about to become one pack: a repository without files, over a database without files.
final class PackStage {
  private let repository: OpaquePointer
  let builder: PackBuilder

  init(holding objects: [RawObject]) throws(GitError) {
    let operation = "gather \(objects.count) objects for a pack"
    let repository = try Self.emptyRepository(operation)
    do throws(GitError) {
      let ids = try Self.fill(repository, with: objects, operation)
      builder = try PackBuilder(reading: repository)
      for id in ids { try builder.insert(id) }
    } catch {
      git_repository_free(repository)
      throw error
    }
    self.repository = repository
  }

  deinit {
    builder.close()  // it reads from the repository
    git_repository_free(repository)
  }

  private static func emptyRepository(_ operation: String) throws(GitError) -> OpaquePointer {
    var database: OpaquePointer?
    try check(git_odb_new(&database), operation)
    defer { git_odb_free(database) }  // the repository holds it on
    var memory: UnsafeMutablePointer<git_odb_backend>?
    try check(git_mempack_new(&memory), operation)
    try check(git_odb_add_backend(database, memory, 1), operation)
    var repository: OpaquePointer?
    try check(git_repository_wrap_odb(&repository, database), operation)
    return try present(repository, operation)
  }

  private static func fill(
    _ repository: OpaquePointer, with objects: [RawObject], _ operation: String
  ) throws(GitError) -> [ObjectID] {
    var database: OpaquePointer?
    try check(git_repository_odb(&database, repository), operation)
    defer { git_odb_free(database) }
    var ids: [ObjectID] = []
    for object in objects {
      var oid = git_oid()
      let code = object.bytes.withUnsafeBytes {
        git_odb_write(&oid, database, $0.baseAddress, $0.count, object.kind.type)
      }
      try check(code, operation)
      ids.append(ObjectID(oid))
    }
    return ids
  }
}
