internal import CLibgit2

extension Repository {
  /// Whether everything that `wants` reach is here, given that all that this repository's references reach is.
  ///
  /// That an object is here says nothing about what it needs: a fetch that broke has left it behind, or a remote sends
  /// only half of what it should. Costs as much as what is new, by names and links, without hashing.
  package func isComplete(_ wants: [ObjectID]) throws(GitError) -> Bool {
    guard wants.allSatisfy(contains) else { return false }
    do throws(GitError) {
      let held = try references(prefix: "refs/").map(\.id)
      let objects = try ObjectGathering.objects(in: self, reachedBy: wants, without: held)
      return try locked { (handle) throws(GitError) in
        let flags = UInt32(GIT_ODB_LOOKUP_NO_REFRESH.rawValue)
        return objects.allSatisfy { object in
          var oid = object.id.oid
          return git_odb_exists_ext(handle.database, &oid, flags) == 1
        }
      }
    } catch {
      guard error.code == .notFound else { throw error }
      return false
    }
  }
}
