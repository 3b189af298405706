internal import CLibgit2
internal import Synchronization

/// A repository on this machine: its objects, its references, and what can be computed from them.
///
/// Methods may be called from any thread. Each one locks the handle for one read or write at a time, so a long walk
/// doesn't keep others out; methods block, so callers keep them off the cooperative pool.
// Invariant for `@unchecked`: both pointers are read and set only with the lock (or in `init` and `deinit`, when nobody
// else can hold them), so no two threads are ever inside libgit2 with this handle.
public final class Repository: @unchecked Sendable {
  private var pointer: OpaquePointer
  private var database: OpaquePointer
  private let flags: UInt32
  private let lock = Mutex<Void>(())

  /// The folder that holds the objects and references, ending in a slash.
  public let path: String
  /// Whether there is no working tree.
  let isBare: Bool
  /// Whether only our own processes write to it, and not, as to a remote, other people's too.
  let isOurs: Bool

  private init(owning pointer: OpaquePointer, flags: UInt32, isOurs: Bool, operation: String) throws(GitError) {
    path = Self.path(of: pointer)
    database = try Self.database(owning: pointer, operation)
    self.pointer = pointer
    self.flags = flags
    self.isOurs = isOurs
    isBare = git_repository_is_bare(pointer) == 1
  }

  private static func path(of pointer: OpaquePointer) -> String {
    git_repository_path(pointer).map { String(cString: $0) } ?? ""
  }

  /// The repository's database of objects. Frees the repository where that can't be had.
  private static func database(
    owning pointer: OpaquePointer, _ operation: String
  ) throws(GitError) -> OpaquePointer {
    var database: OpaquePointer?
    do throws(GitError) {
      try check(git_repository_odb(&database, pointer), operation)
      try check(mooring_git_guard_loose_objects(database, path(of: pointer) + "objects"), operation)
      return try present(database, operation)
    } catch {
      git_odb_free(database)
      git_repository_free(pointer)
      throw error
    }
  }

  deinit {
    git_odb_free(database)
    git_repository_free(pointer)
  }

  /// Opens the bare repository in exactly this folder: parent folders are not searched, and no hook ever runs.
  public static func open(bareAt path: String) throws(GitError) -> Repository {
    try open(path, flags: bareFlags, isOurs: true)
  }

  /// Opens what a remote's path names: a bare repository, or the `.git` folder of a checkout.
  static func open(remoteAt path: String) throws(GitError) -> Repository {
    try open(path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, isOurs: false)
  }

  private static func open(_ path: String, flags: UInt32, isOurs: Bool) throws(GitError) -> Repository {
    let operation = "open the repository \(path)"
    try GitLibrary.start()
    return try Repository(
      owning: try pointer(to: path, flags, operation), flags: flags, isOurs: isOurs, operation: operation)
  }

  private static func pointer(
    to path: String, _ flags: UInt32, _ operation: String
  ) throws(GitError) -> OpaquePointer {
    try refuseNUL(in: path, operation)
    var pointer: OpaquePointer?
    try check(git_repository_open_ext(&pointer, path, flags, nil), operation)
    return try present(pointer, operation)
  }

  /// Opens it once more in place of the handle that there was, and so frees what libgit2 keeps of what it read: mapped
  /// packs, and up to 16 MiB of a pack's objects, which no option bounds. For when nothing is to be read for a while.
  public func reopen() throws(GitError) {
    let operation = "open the repository \(path) again"
    let new = try Self.pointer(to: path, flags, operation)
    let newDatabase = try Self.database(owning: new, operation)
    lock.withLock { _ in
      git_odb_free(database)
      git_repository_free(pointer)
      (pointer, database) = (new, newDatabase)
    }
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
    return try Repository(
      owning: try present(pointer, operation), flags: bareFlags, isOurs: true, operation: operation)
  }

  private static let bareFlags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
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
