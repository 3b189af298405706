import FoundationEssentials
import Glibc
import MooringModel

/// The folder in which Mooring keeps its repositories, the log of its journal, its index and its locks.
public struct StateDirectory: Sendable, Hashable {
  /// The version of the folder's layout that this program reads and writes.
  static let version = 1

  public let path: String
  /// The folder's own name in journals: `host/0123abcd`.
  public let identity: String

  /// Opens the folder, or makes it where it is missing.
  public init(path: String) throws {
    let path = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    self.path = path
    do {
      let folders = ["repositories", "locks", "fetches", "looks", "sights", "claims", "renderings", "samples"]
      for folder in [""] + folders.map({ "/" + $0 }) {
        try DurableFolder.make(path + folder)
      }
      identity = try Self.identity(in: path)
    } catch let error as CocoaError {
      throw Fault(
        .state, "the state directory can't be used: \(error)", at: path,
        remedy: "name another one with --state, or see that it can be written")
    }
  }

  /// `identity` holds the version and the name, and is written once, whole.
  private static func identity(in path: String) throws -> String {
    let file = path + "/identity"
    if !FileManager.default.fileExists(atPath: file) {
      try DurableFolder.writeOnce("\(Self.version) \(newName())\n", to: file)
    }
    let fields = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isWhitespace)
    guard fields.count == 2, let version = Int(fields[0]) else {
      throw Fault(
        .state, "the state directory's identity can't be read", at: file,
        remedy: "restore it, or start a new one and take over")
    }
    guard version <= Self.version else {
      throw Fault(
        .state, "the state directory is of version \(version), and this program knows up to \(Self.version)",
        at: path,
        remedy: "use a newer Mooring, or another state directory")
    }
    return String(fields[1])
  }

  private static func newName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: host, as: UTF8.self) + "/" + String(UInt32.random(in: .min ... .max), radix: 16)
  }

  func repositoryPath(_ name: String) -> String { "\(path)/repositories/\(name).git" }
  /// Where renderers have private folders for the time being.
  var renderings: String { "\(path)/renderings" }
  /// What an environment's gates said lately.
  func samplesPath(_ environment: EnvironmentName) -> String { "\(path)/samples/\(environment)" }
  func lockPath(_ name: String) -> String { "\(path)/locks/\(name)" }
}
