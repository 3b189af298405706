internal import CLibgit2
internal import Synchronization

/// A repository on this machine: its objects, its references, and what can be computed from them.
///
/// Methods may be called from any thread. Each one locks the handle for one read or write at a time, so a long walk
/// doesn't keep others out; methods block, so callers keep them off the cooperative pool.
// Invariant for `@unchecked`: the handle is read and set only with the lock (or in `init` and `deinit`, when nobody else
// can hold it), so no two threads are ever inside libgit2 with it.
public final class Repository: @unchecked Sendable {
  /// `nil` while the repository is closed.
  private var handle: Handle?
  private let flags: UInt32
  /// Whether what is written is forgotten when it is closed.
  private let isOnlyRead: Bool
  private let lock = Mutex<Void>(())

  /// The folder that holds the objects and references, ending in a slash.
  public let path: String
  /// Whether there is no working tree.
  let isBare: Bool
  /// Whether only our own processes write to it, and not, as to a remote, other people's too.
  let isOurs: Bool

  private init(_ handle: Handle, flags: UInt32, isOurs: Bool, isOnlyRead: Bool = false) {
    self.handle = handle
    self.flags = flags
    self.isOnlyRead = isOnlyRead
    self.isOurs = isOurs
    path = handle.path
    isBare = git_repository_is_bare(handle.repository) == 1
  }

  deinit { handle?.free() }

  /// Opens the bare repository in exactly this folder: parent folders are not searched, and no hook ever runs.
  public static func open(bareAt path: String) throws(GitError) -> Repository {
    try open(path, flags: bareFlags, isOurs: true)
  }

  /// Opens the clone whose working tree is exactly this folder, to read it: objects that are made of what is read there
  /// stay in memory.
  public static func open(cloneAt path: String) throws(GitError) -> Repository {
    try open(path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, isOurs: false, isOnlyRead: true)
  }

  /// Opens what a remote's path names: a bare repository, or the `.git` folder of a checkout.
  static func open(remoteAt path: String) throws(GitError) -> Repository {
    try open(path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, isOurs: false)
  }

  private static func open(
    _ path: String, flags: UInt32, isOurs: Bool, isOnlyRead: Bool = false
  ) throws(GitError) -> Repository {
    try GitLibrary.start()
    let handle = try Handle(opening: path, flags: flags, isOnlyRead: isOnlyRead)
    return Repository(handle, flags: flags, isOurs: isOurs, isOnlyRead: isOnlyRead)
  }

  /// The same repository once more, so that another thread need not wait for this one's lock; where objects are written to
  /// memory alone, itself.
  public func another() throws(GitError) -> Repository {
    if isOnlyRead { return self }
    return Repository(try Handle(opening: path, flags: flags, isOnlyRead: false), flags: flags, isOurs: isOurs)
  }

  /// Closes it until it is used again, and so frees what libgit2 keeps of what it read: mapped packs, and up to 16 MiB of
  /// each pack's objects, which no option bounds. For when nothing is to be read for a while.
  public func closeUntilUsed() {
    lock.withLock { _ in
      handle?.free()
      handle = nil
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
    let handle = try Handle(owning: try present(pointer, operation), operation)
    return Repository(handle, flags: bareFlags, isOurs: true)
  }

  private static let bareFlags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
  private static let unbornBranch = "unborn"

  /// Runs one piece of work with the repository's and the object database's pointers, which must not leave it.
  func locked<T: Sendable>(_ body: (Handle) throws(GitError) -> T) throws(GitError) -> T {
    try lock.withLock { (_) throws(GitError) -> T in
      if let handle { return try body(handle) }
      let opened = try Handle(opening: path, flags: flags, isOnlyRead: isOnlyRead)
      handle = opened
      return try body(opened)
    }
  }

  /// What `locked` lends.
  struct Handle {
    let repository: OpaquePointer
    let database: OpaquePointer

    init(opening path: String, flags: UInt32, isOnlyRead: Bool) throws(GitError) {
      let operation = "open the repository \(path)"
      try refuseNUL(in: path, operation)
      var pointer: OpaquePointer?
      try check(git_repository_open_ext(&pointer, path, flags, nil), operation)
      try self.init(owning: try present(pointer, operation), isOnlyRead: isOnlyRead, operation)
    }

    /// Frees the repository where its database can't be had.
    init(owning pointer: OpaquePointer, isOnlyRead: Bool = false, _ operation: String) throws(GitError) {
      repository = pointer
      var database: OpaquePointer?
      do throws(GitError) {
        try check(git_repository_odb(&database, pointer), operation)
        try check(mooring_git_guard_loose_objects(database, Self.path(of: pointer) + "objects"), operation)
        if isOnlyRead { try Self.writeToMemory(database, operation) }
        self.database = try present(database, operation)
      } catch {
        git_odb_free(database)
        git_repository_free(pointer)
        throw error
      }
    }

    /// Puts a place in memory before all others.
    private static func writeToMemory(_ database: OpaquePointer?, _ operation: String) throws(GitError) {
      var memory: UnsafeMutablePointer<git_odb_backend>?
      try check(git_mempack_new(&memory), operation)
      try check(git_odb_add_backend(database, memory, 1000), operation)
    }

    fileprivate var path: String { Self.path(of: repository) }

    private static func path(of pointer: OpaquePointer) -> String {
      git_repository_path(pointer).map { String(cString: $0) } ?? ""
    }

    fileprivate func free() {
      git_odb_free(database)
      git_repository_free(repository)
    }
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
