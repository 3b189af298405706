internal import CLibgit2

/// Settings of libgit2 that hold for the whole process: set them once, at start, before repositories are opened.
public enum Configuration {
  /// Blobs of at most so many bytes are kept in the object cache, as commits and trees are by default: a journal's events are
  /// read a few times soon after they were written.
  private static let cachedBlob = 4096

  /// Bounds the memory of caches, in bytes: objects that were read, one mapped window of a pack, and all windows together.
  public static func limitCaches(objectBytes: Int, windowBytes: Int, mappedBytes: Int) throws(GitError) {
    try GitLibrary.start()
    guard objectBytes >= 0, windowBytes > 0, mappedBytes >= windowBytes else {
      throw GitError(.invalid, "limits must be positive, and all windows at least one", operation: "limit caches")
    }
    try check(mooring_git_set_cache_size(objectBytes), "limit the object cache")
    try check(mooring_git_set_cached_size(GIT_OBJECT_BLOB, cachedBlob), "limit the blobs in the object cache")
    try check(mooring_git_set_window_size(windowBytes), "limit the window of packs")
    try check(mooring_git_set_mapped_limit(mappedBytes), "limit mapped packs")
  }

  /// Whether objects and references are forced to disk before a write returns; on unless switched off.
  public static func setDurable(_ on: Bool) throws(GitError) {
    try GitLibrary.start()
    try check(mooring_git_set_fsync(on ? 1 : 0), "make writes durable")
  }
}
