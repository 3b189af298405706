import Glibc

/// The target's root, open only while somebody works in it: a descriptor that were kept would keep its file system from
/// being unmounted.
struct WatchedRoot {
  private let path: String
  private var opened: OpenRoot?
  /// Of the folder below which everything is watched; `nil` where there was none.
  private var known: FileIdentity?
  /// Whether another folder was found than the one that is watched; until `find`.
  private(set) var isAnother = false

  init(_ path: String) { self.path = path }

  /// The folder that is watched; `nil` where the path leads to none, or to another one by now.
  mutating func open() -> OpenRoot? {
    if let opened { return opened }
    guard let known, !isAnother else { return nil }
    let found = OpenRoot(path)
    isAnother = found?.identity != known
    if !isAnother { opened = found }
    return opened
  }

  /// Takes what is there now for the one that is to be watched.
  mutating func find() {
    opened = OpenRoot(path)
    known = opened?.identity
    isAnother = false
  }

  mutating func close() { opened = nil }
}

/// The root as it was opened.
final class OpenRoot {
  let folder: Folder
  let identity: FileIdentity

  /// `nil` where there is none, or nothing that can be one: a look says what is wrong.
  init?(_ path: String) {
    guard let opened = try? Folder.root(path, making: false),
      let identity = FileIdentity(descriptor: opened.descriptor)
    else { return nil }
    folder = opened
    self.identity = identity
  }
}
