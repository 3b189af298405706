import Documents
import Git
import MooringModel

/// The inputs of one rendering: the paths that the environment lists, each at its own place, and nothing else.
struct InputFiles {
  let repository: Repository
  /// A tree of its own.
  let tree: ObjectID
  /// The listed paths; `.` is all.
  let paths: [String]

  /// - Throws: `Fault` of code `.notFound` where a listed path doesn't exist.
  init(_ repository: Repository, of whole: ObjectID, paths: [String]) throws {
    self.repository = repository
    self.paths = paths
    guard paths != ["."] else {
      tree = whole
      return
    }
    let entries = try paths.map { path in
      guard let entry = try repository.entry(at: path, in: whole) else {
        throw Fault(
          .notFound, "the input path \(path.debugDescription) doesn't exist at this revision",
          remedy: "add it, or correct `path` of the environment")
      }
      return (path: path, entry: Optional(entry))
    }
    tree = try repository.replacing(entriesAt: entries, in: repository.writeTree([]))
  }

  /// A file's bytes; `nil` where there is none.
  func bytes(_ path: String) throws -> [UInt8]? {
    guard let entry = try entry(path), entry.mode.isBlob, entry.mode != .link else { return nil }
    return try repository.blob(entry.id)
  }

  func isFile(_ path: String) throws -> Bool { try entry(path)?.mode.isBlob == true }

  func isFolder(_ path: String) throws -> Bool { try path == "." || entry(path)?.mode == .directory }

  /// The names in a folder.
  func names(in path: String) throws -> [String] {
    guard path != "." else { return try repository.tree(tree).map(\.name) }
    guard let entry = try entry(path), entry.mode == .directory else { return [] }
    return try repository.tree(entry.id).map(\.name)
  }

  /// The first document of a YAML file; `nil` where there is no such file.
  func document(_ path: String) throws -> Node? {
    guard let bytes = try bytes(path) else { return nil }
    do throws(DocumentError) {
      return try Document.parse(bytes, as: .yaml).first?.root
    } catch {
      throw Fault(.refusedContent, error.description, at: path, remedy: "correct it in the repository")
    }
  }

  private func entry(_ path: String) throws -> TreeEntry? { try repository.entry(at: path, in: tree) }

  /// Whether a path of the repository is one of the listed, or below one.
  func lists(_ path: String) -> Bool { paths.contains { $0 == "." || path == $0 || path.hasPrefix($0 + "/") } }

  func missing(_ path: String, as what: String) -> Fault {
    Fault(
      .notFound, "\(what) doesn't exist at this revision", at: path,
      remedy: "add it, or correct `render` of the environment")
  }

  /// Where a relative reference in a folder leads; `nil` where that is out of the repository.
  static func resolve(_ reference: String, in folder: String) -> String? {
    var components = folder == "." ? [] : folder.split(separator: "/")
    for component in reference.split(separator: "/") where component != "." {
      if component != ".." {
        components.append(component)
      } else if components.popLast() == nil {
        return nil
      }
    }
    return components.isEmpty ? "." : components.joined(separator: "/")
  }
}
