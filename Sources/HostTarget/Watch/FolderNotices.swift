import Glibc

/// Where the kernel's notices of folders come from: inotify, or fanotify, which says who too.
///
/// Used by one thread; a folder has to be watched before it is listed, so that nothing in it is missed.
protocol FolderNotices: AnyObject {
  /// Readable where there are notices.
  var descriptor: Int32 { get }

  /// Watches an open folder, alone and not what is below it. Watching one again is harmless and gives the same key.
  ///
  /// - Parameter namesOnly: Whether to hear only of names that come and go in it, not of what is changed.
  func watch(_ folder: borrowing Folder, namesOnly: Bool) throws(WatchRefusal) -> FolderKey

  /// - Parameter near: An open folder, of which the file system is the folder's.
  func forget(_ folder: FolderKey, near: borrowing Folder)

  /// What there is, without waiting.
  ///
  /// - Throws: `WatchRefusal` where there will be no more.
  func read() throws(WatchRefusal) -> [FolderNotice]

  /// Gives everything back to the kernel.
  func end()
}

/// Why the kernel doesn't watch a folder.
enum WatchRefusal: Error, Equatable {
  /// No more watches, or no more instances.
  case limit
  /// This way of watching doesn't work here at all: an `errno`.
  case unfit(Int32)
  /// The folder isn't there any more, or can't be read.
  case folder(Int32)

  init(_ code: Int32) {
    self =
      switch code {
      case ENOSPC, EMFILE, ENFILE, ENOMEM: .limit
      case ENOENT, ENOTDIR, EACCES, ESTALE: .folder(code)
      default: .unfit(code)
      }
  }
}
