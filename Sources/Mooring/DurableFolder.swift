import FoundationEssentials
import Glibc
import MooringModel

/// Makes folders and files that are still there, and whole, after the power failed: a new name is durable only once the
/// folder that has it is.
enum DurableFolder {
  /// Makes a folder, and those above it, where they are missing.
  static func make(_ path: String) throws(Fault) {
    if mkdir(path, 0o700) == 0 { return try sync(parent(of: path)) }
    switch errno {
    case EEXIST: return
    case ENOENT where path.contains("/"):
      try make(parent(of: path))
      guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
      try sync(parent(of: path))
    default: throw failure("make the folder", path)
    }
  }

  /// Gives a file its content unless somebody else was quicker; it appears whole or not at all.
  static func writeOnce(_ text: String, to path: String) throws(Fault) {
    let new = temporary(for: path)
    defer { unlink(new) }
    let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("make", new) }
    let bytes = Array(text.utf8)
    let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    guard close(descriptor) == 0, isWritten else { throw failure("write", new) }
    guard link(new, path) == 0 || errno == EEXIST else { throw failure("make", path) }
    try sync(parent(of: path))
  }

  /// Gives a file another content, readable by its owner only; at any moment it has the old or the new one, whole.
  ///
  /// - Parameter isForced: Whether that holds when the power fails, too. What is worth nothing after a while needn't wait for
  ///   the disk; it may be found empty then.
  static func replace(_ path: String, with bytes: [UInt8], isForced: Bool = true) throws(Fault) {
    let new = temporary(for: path)
    defer { unlink(new) }
    let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("make", new) }
    let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && (!isForced || fsync(descriptor) == 0)
    guard close(descriptor) == 0, isWritten else { throw failure("write", new) }
    guard rename(new, path) == 0 else { throw failure("replace", path) }
  }

  /// A name of the caller's own: two environments may make the same file at the same moment.
  private static func temporary(for path: String) -> String {
    "\(path).new-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 16))"
  }

  /// Makes a folder and everything below it durable.
  static func syncTree(_ path: String) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) { try sync("\(path)/\(name)") }
    try sync(path)
  }

  /// Makes a file's content or a folder's names durable.
  static func sync(_ path: String) throws(Fault) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("make durable", path) }
  }

  static func parent(of path: String) -> String {
    let parts = path.split(separator: "/").dropLast()
    return (path.hasPrefix("/") ? "/" : parts.isEmpty ? "." : "") + parts.joined(separator: "/")
  }

  static func failure(_ verb: String, _ path: String) -> Fault {
    Fault(
      .state, "the state directory can't be used: can't \(verb): \(String(cString: strerror(errno)))", at: path,
      remedy: "see that the state directory can be written, or name another one with --state")
  }
}
