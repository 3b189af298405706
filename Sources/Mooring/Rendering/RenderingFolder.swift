import FoundationEssentials
import Git
import Glibc
import MooringModel

/// A private folder for one rendering, with the inputs written out; gone with the last reference.
final class RenderingFolder: Sendable {
  let path: String
  var inputs: String { path + "/inputs" }
  /// Where a confined program's root is mounted.
  var root: String { path + "/root" }
  /// For a program that sees the machine's files.
  var output: String { path + "/output" }
  var home: String { path + "/home" }

  /// - Parameter parent: A folder that only we may enter.
  /// - Throws: `Fault` of code `.state`.
  init(in parent: String) throws {
    try Self.removeLeftovers(in: parent)
    path = "\(parent)/\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 16))"
    for folder in [path, path + "/inputs", path + "/root", path + "/output", path + "/home"] {
      guard mkdir(folder, folder == path ? 0o700 : 0o755) == 0 else { throw Self.failure("make", folder) }
    }
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch {
      // The next rendering tries again, once this process is gone.
    }
  }

  /// What a process left that was killed while it rendered.
  private static func removeLeftovers(in parent: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: parent) {
      guard let process = pid_t(name.prefix { $0 != "-" }), kill(process, 0) != 0, errno == ESRCH else { continue }
      do { try FileManager.default.removeItem(atPath: "\(parent)/\(name)") } catch {
        // Another process of ours may have been quicker.
      }
    }
  }

  /// Writes a tree out, which has passed the check of its content: no name and no link of it leads out.
  func write(_ files: InputFiles) throws {
    try files.repository.walkTree(files.tree) { folder, entry in
      let path = self.inputs + "/" + folder + entry.name
      switch entry.mode {
      case .directory: guard mkdir(path, 0o755) == 0 else { throw Self.failure("make", path) }
      case .link:
        let target = String(decoding: try files.repository.blob(entry.id), as: UTF8.self)
        guard symlink(target, path) == 0 else { throw Self.failure("make", path) }
      case .regular, .executable:
        try Self.write(files.repository.blob(entry.id), to: path, mode: entry.mode == .executable ? 0o755 : 0o644)
      case .submodule, .other: break
      }
      return .descend
    }
  }

  private static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Fault) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard file >= 0 else { throw failure("make", path) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ act: String, _ path: String) -> Fault {
    let reason = String(cString: strerror(errno))
    return Fault(
      .state, "can't \(act) a rendering's folder: \(reason)", at: path, remedy: "see that the disk isn't full")
  }
}
