internal import CLibgit2

/// libgit2's process-wide state, started once, before the first call of any other kind.
enum GitLibrary {
  /// The first failure of starting, kept so that each later call can report it.
  private static let failure: GitError? = {
    do throws(GitError) {
      try begin()
      return nil
    } catch {
      return error
    }
  }()

  static func start() throws(GitError) {
    if let failure { throw failure }
  }

  private static func begin() throws(GitError) {
    let count = git_libgit2_init()
    guard count > 0 else { throw GitError(code: count, operation: "start libgit2") }
    // A person's or a machine's Git configuration must not change what Mooring computes.
    for level in [GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL]
    {
      try check(mooring_git_set_search_path(level.rawValue, ""), "leave Git's own configuration aside")
    }
    // Repositories are named by the operator and opened without hooks, filters or a working tree, which is what the
    // check of the owner guards; with it a state directory made by another user would fail with a riddle.
    try check(mooring_git_set_owner_validation(0), "open repositories of other users")
    try check(mooring_git_set_fsync(1), "make writes durable")
    // Walks over history would spend most of their time hashing folders that they only pass through. What a caller
    // gets to see is hashed by ourselves (`withObject`), and so is every object that arrives in a pack.
    try check(mooring_git_set_strict_hash_verification(0), "leave hashing to the reader")
    // The guard of loose objects stands between the two.
    try check(mooring_git_set_packed_priority(4), "read packs first")
    try check(mooring_git_set_loose_priority(1), "read loose objects last")
  }
}
