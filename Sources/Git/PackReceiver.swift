internal import CLibgit2

/// Takes a pack as it arrives into a repository: indexed while it comes, and found there only when it is whole.
///
/// Thin packs are completed from what the repository has. Nothing is checked for being connected: that is
/// `Repository.isComplete`. Calls block. `PackScanner` has to see the bytes first.
package final class PackReceiver {
  private let repository: Repository
  private let folder: IncomingFolder
  private var indexer: OpaquePointer?
  private var counts = git_indexer_progress()
  private static let operation = "receive a pack"

  package init(into repository: Repository) throws(GitError) {
    self.repository = repository
    folder = try IncomingFolder(of: repository.path)
    try repository.locked { (handle) throws(GitError) in
      var options = git_indexer_options()
      try check(git_indexer_options_init(&options, UInt32(GIT_INDEXER_OPTIONS_VERSION)), Self.operation)
      try check(git_indexer_new(&indexer, folder.path, 0, handle.database, &options), Self.operation)
    }
  }

  deinit { git_indexer_free(indexer) }

  package var progress: TransferProgress {
    TransferProgress(
      totalObjects: Int(counts.total_objects), doneObjects: Int(counts.indexed_objects),
      bytes: Int(counts.received_bytes))
  }

  package func append(_ bytes: [UInt8]) throws(GitError) {
    try repository.locked { (_) throws(GitError) in
      try check(git_indexer_append(indexer, bytes, bytes.count, &counts), Self.operation)
    }
  }

  /// Ends the pack, and makes it a durable part of the repository; returns how many objects came.
  package func commit() throws(GitError) -> Int {
    guard counts.total_objects > 0 else { return 0 }
    let count = Int(counts.total_objects)
    try repository.locked { (handle) throws(GitError) in
      try check(git_indexer_commit(indexer, &counts), Self.operation)
      guard let name = git_indexer_name(indexer) else {
        throw GitError(.other, "libgit2 gave the pack no name", operation: Self.operation)
      }
      try folder.adopt(pack: String(cString: name))
      try check(git_odb_refresh(handle.database), "find the pack that was received")
    }
    return count
  }
}
