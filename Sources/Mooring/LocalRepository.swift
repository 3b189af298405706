import FoundationEssentials
import Git
import Glibc
import MooringModel

/// The bare copy of a repository in the state directory.
enum LocalRepository {
  /// Opens it, or makes an empty one, which is there whole or not at all: Git itself would stumble over half of one.
  static func open(at path: String) throws -> Repository {
    if FileManager.default.fileExists(atPath: path + "/HEAD") { return try Repository.open(bareAt: path) }
    let parent = DurableFolder.parent(of: path)
    let descriptor = Glibc.open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DurableFolder.failure("open", parent) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw DurableFolder.failure("lock", parent) }
    }
    if !FileManager.default.fileExists(atPath: path + "/HEAD") { try make(at: path) }
    return try Repository.open(bareAt: path)
  }

  private static func make(at path: String) throws {
    let new = path + ".new"
    if FileManager.default.fileExists(atPath: new) { try FileManager.default.removeItem(atPath: new) }
    _ = try Repository.create(bareAt: new)
    try DurableFolder.syncTree(new)
    guard rename(new, path) == 0 else { throw DurableFolder.failure("put the new repository at", path) }
    try DurableFolder.sync(DurableFolder.parent(of: path))
  }
}
