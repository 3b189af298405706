import CLinux
import MooringModel

/// What the kernel says happened in a watched folder, before anybody knows where that folder is by now.
struct FolderNotice: Sendable {
  /// Several at once where the kernel joined what one process did to one name: then their order isn't known.
  struct What: OptionSet, Sendable {
    let rawValue: UInt32

    static let appeared = What(rawValue: UInt32(MOORING_APPEARED))
    static let vanished = What(rawValue: UInt32(MOORING_VANISHED))
    static let changed = What(rawValue: UInt32(MOORING_CHANGED))
    /// The name is, or was, a folder's.
    static let folder = What(rawValue: UInt32(MOORING_FOLDER))
    /// Notices were dropped.
    static let lost = What(rawValue: UInt32(MOORING_LOST))
    /// The folder isn't watched any more: it is gone, or its file system is.
    static let unwatched = What(rawValue: UInt32(MOORING_UNWATCHED))
  }

  var what: What
  var folder: FolderKey?
  /// `nil` where the folder itself is meant.
  var name: FileName?
  var author: Author?
  var at: Timestamp

  static func lost(at: Timestamp) -> FolderNotice { FolderNotice(what: .lost, folder: nil, name: nil, at: at) }
}

/// What the kernel calls a watched folder, wherever it is moved.
enum FolderKey: Hashable, Sendable {
  /// inotify's number of the watch.
  case watch(Int32)
  /// File system and file handle, as fanotify reports them.
  case identity([UInt8])
}

extension FileName {
  /// `nil` of no name.
  init?(cString name: UnsafePointer<CChar>?) {
    guard let name, name.pointee != 0 else { return nil }
    var end = name
    while end.pointee != 0 { end += 1 }
    self.init(UnsafeRawBufferPointer(start: name, count: end - name))
  }
}
