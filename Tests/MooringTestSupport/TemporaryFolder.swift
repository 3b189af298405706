import FoundationEssentials
import Glibc

/// A folder of a test's own, removed with the last reference, whatever the test left in it.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init(_ name: String = "mooring-test") throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/\(name).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    // A test that failed half-way is told by its failure; the folder it leaves harms nobody.
    try? FileManager.default.removeItem(atPath: path)
  }

  public subscript(_ relative: String) -> String { "\(path)/\(relative)" }

  /// Writes a file, with the folders that lead to it.
  public func write(_ text: String, to relative: String) throws {
    let target = self[relative]
    let folder = target[..<(target.lastIndex(of: "/") ?? target.endIndex)]
    try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: target))
  }

  public func read(_ relative: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: self[relative])), as: UTF8.self)
  }

  /// Whether there is anything of this name, a dangling link too.
  public func exists(_ relative: String) -> Bool {
    var status = stat()
    return lstat(self[relative], &status) == 0
  }

  public func names(_ relative: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self[relative]).sorted()
  }
}
