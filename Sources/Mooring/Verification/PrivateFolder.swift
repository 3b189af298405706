import FoundationEssentials
import Glibc
import MooringModel

/// A folder that only this user can enter, and that goes with this value.
final class PrivateFolder: Sendable {
  let path: String

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mooring-verify.XXXXXX".utf8CString)
    // mkdtemp makes it with mode 0700.
    guard mkdtemp(&template) != nil else {
      throw Fault(
        .state, "can't make a temporary folder: \(String(cString: strerror(errno)))", at: base,
        remedy: "see that it can be written, or name another one with TMPDIR")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    // At worst a folder of public keys stays behind.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file into it, and returns its path.
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  func make(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    guard mkdir(folder, 0o700) == 0 else {
      throw Fault(.state, "can't make a folder: \(String(cString: strerror(errno)))", at: folder)
    }
    return folder
  }
}
