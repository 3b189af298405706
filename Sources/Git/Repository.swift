internal import CLibgit2
internal import Synchronization

/// A repository on this machine: its objects, its references, and what can be computed from them.
///
/// Methods may be called from any thread. Each one locks the handle for one read or write at a time, so a long walk
/// doesn't keep others out; methods block, so callers keep them off the cooperative pool.
// Invariant for `@unchecked`: both pointers are set once, in `init`, and given to libgit2 only within `locked` (or
// `deinit`, when nobody else can hold them), so no two threads are ever inside libgit2 with this handle.
public final class Repository: @unchecked Sendable {
  private let pointer: OpaquePointer
  private let database: OpaquePointer
  private let lock = Mutex<Void>(())

  /// The folder that holds the objects and references, ending in a slash.
  public let path: String
  /// Whether there is no working tree.
  let isBare: Bool
  /// Whether only our own processes write to it, and not, as to a remote, other people's too.
  let isOurs: Bool

  private init(owning pointer: OpaquePointer, isOurs: Bool, operation: String) throws(GitError) {
    let path = git_repository_path(pointer).map { String(cString: $0) } ?? ""
    var database: OpaquePointer?
    do throws(GitError) {
      try check(git_repository_odb(&database, pointer), operation)
      try check(mooring_git_guard_loose_objects(database, path + "objects"), operation)
      self.database = try present(database, operation)
    } catch {
      git_odb_free(database)
      git_repository_free(pointer)
      throw error
    }
    self.pointer = pointer
    self.path = path
    self.isOurs = isOurs
    isBare = git_repository_is_bare(pointer) == 1
  }

  deinit {
    git_odb_free(database)
    git_repository_free(pointer)
  }

  /// Opens the bare repository in exactly this folder: parent folders are not searched, and no hook ever runs.
  public static func open(bareAt path: String) throws(GitError) -> Repository {
    try open(path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue, isOurs: true)
  }

  /// Opens what a remote's path names: a bare repository, or the `.git` folder of a checkout.
  static func open(remoteAt path: String) throws(GitError) -> Repository {
    try open(path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, isOurs: false)
  }

  private static func open(_ path: String, flags: UInt32, isOurs: Bool) throws(GitError) -> Repository {
    let operation = "open the repository \(path)"
    try GitLibrary.start()
    try refuseNUL(in: path, operation)
    var pointer: OpaquePointer?
    try check(git_repository_open_ext(&pointer, path, flags, nil), operation)
    return try Repository(owning: try present(pointer, operation), isOurs: isOurs, operation: operation)
  }

  /// Makes an empty bare repository, and its folder and the folders above it where they are missing.
  ///
  /// HEAD names a branch that is never made, so no fetched branch is "checked out" here. Throws `exists` when there
  /// is a repository already.
  public static func create(bareAt path: String) throws(GitError) -> Repository {
    let operation = "create the repository \(path)"
    try GitLibrary.start()
    try refuseNUL(in: path, operation)
    var options = git_repository_init_options()
    try check(git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)), operation)
    options.flags =
      GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
      | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
    var pointer: OpaquePointer?
    let code = unbornBranch.withCString { branch in
      options.initial_head = branch
      return git_repository_init_ext(&pointer, path, &options)
    }
    try check(code, operation)
    return try Repository(owning: try present(pointer, operation), isOurs: true, operation: operation)
  }

  private static let unbornBranch = "unborn"

  /// Runs one piece of work with the repository's and the object database's pointers, which must not leave it.
  func locked<T: Sendable>(_ body: (Handle) throws(GitError) -> T) throws(GitError) -> T {
    try lock.withLock { (_) throws(GitError) -> T in
      try body(Handle(repository: pointer, database: database))
    }
  }

  /// What `locked` lends.
  struct Handle {
    let repository: OpaquePointer
    let database: OpaquePointer
  }
}

/// A C string ends at its first NUL: a path or name that contains one would mean something else there.
func refuseNUL(in text: String, _ operation: @autoclosure () -> String) throws(GitError) {
  guard text.utf8.contains(0) else { return }
  throw GitError(.invalid, "a name or path contains NUL", operation: operation())
}

/// What libgit2 returned beside a success.
func present<T>(_ value: T?, _ operation: @autoclosure () -> String) throws(GitError) -> T {
  guard let value else { throw GitError(.other, "libgit2 returned nothing", operation: operation()) }
  return value
}
