internal import Glibc

/// A folder of its own for a pack that arrives, so that half of one never stands among the packs.
///
/// Its holder has a `flock` on it: what a process that was killed has left is told by that, and removed by the next.
final class IncomingFolder {
  static let name = "mooring.incoming"

  /// Ends in a slash.
  let path: String
  private let objects: String
  private let descriptor: Int32

  /// - Parameter repository: The repository's folder, ending in a slash.
  init(of repository: String) throws(GitError) {
    let parent = repository + Self.name
    objects = repository + "objects/pack"
    guard mkdir(parent, 0o700) == 0 || errno == EEXIST else { throw Self.failure("make \(parent)") }
    Self.removeLeftovers(in: parent)
    (path, descriptor) = try Self.make(in: parent)
  }

  deinit {
    Self.remove(path)
    close(descriptor)
  }

  /// Moves a pack and its index, both durable already, to where packs are looked for, the index last: by it a pack is
  /// found. Durable when it returns.
  func adopt(pack name: String) throws(GitError) {
    for suffix in ["pack", "idx"] {
      let file = "pack-\(name).\(suffix)"
      guard rename(path + file, "\(objects)/\(file)") == 0 else { throw Self.failure("put \(file) into \(objects)") }
    }
    let folder = Glibc.open(objects, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.failure("open \(objects)") }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw Self.failure("make \(objects) durable") }
  }

  /// Another process may take the new folder for a leftover before it is locked: then there is another try.
  private static func make(in parent: String) throws(GitError) -> (String, Int32) {
    for _ in 0..<16 {
      var template = Array("\(parent)/XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw failure("make a folder in \(parent)") }
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if let descriptor = lock(path) { return (path + "/", descriptor) }
    }
    throw GitError(.locked, "others keep removing it", operation: "make a folder in \(parent)")
  }

  /// The descriptor of a folder that nobody else has locked and that is still there.
  private static func lock(_ path: String) -> Int32? {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, lstat(path, &status) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func removeLeftovers(in parent: String) {
    for name in names(in: parent) {
      guard let descriptor = lock("\(parent)/\(name)") else { continue }
      remove("\(parent)/\(name)/")
      close(descriptor)
    }
  }

  private static func remove(_ path: String) {
    for name in names(in: path) { unlink(path + name) }
    rmdir(path)
  }

  private static func names(in folder: String) -> [String] {
    guard let list = opendir(folder) else { return [] }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private static func failure(_ operation: String) -> GitError {
    GitError(.unreadable, String(cString: strerror(errno)), operation: operation)
  }
}
