import Git
import MooringModel

/// Renders a revision's inputs as they are: one input path becomes the root of the release; of several, each keeps its
/// path.
///
/// Refused, with a reason that names the file: submodules, Git LFS pointers, names that aren't UTF-8 or aren't safe,
/// links that lead out of the release, and more or larger files than the limits allow.
struct PlainRenderer: Renderer {
  static let name = "plain"
  static let version = 1

  let repository: Repository
  let limits: ContentLimits

  var program: String? { nil }

  /// - Parameter trusted: A tree that passed before; what it shares with the new one is not looked at again.
  func render(_ tree: ObjectID, _ definition: Definition, trusting trusted: ObjectID?) throws -> Rendering {
    do {
      let (rendered, objects) = try assemble(tree, definition.paths)
      try ContentCheck(repository: repository, limits: limits).check(rendered, trusting: trusted)
      return .rendered(rendered, objects: objects)
    } catch let fault as Fault where [.refusedContent, .limit, .notFound].contains(fault.code) {
      return .refused(fault)
    }
  }

  /// What a release would be, before anybody has looked at what is in it.
  func assemble(_ tree: ObjectID, _ paths: [String]) throws -> (ObjectID, [RawObject]) {
    if paths == ["."] { return (tree, []) }
    let entries = try paths.map { path in
      guard let entry = try repository.entry(at: path, in: tree) else {
        throw Fault(
          .notFound, "the input path \(path.debugDescription) doesn't exist at this revision",
          remedy: "add it, or correct `path` of the environment")
      }
      return (path: path, entry: entry)
    }
    if entries.count == 1, entries[0].entry.mode == .directory { return (entries[0].entry.id, []) }
    let empty = RawObject(kind: .tree, bytes: Repository.encodeTree([]))
    try repository.write([empty])
    let root = try repository.replacing(
      entriesAt: entries.map { (path: $0.path, entry: Optional($0.entry)) }, in: empty.id)
    return (root, try NewObjects(repository: repository).trees(in: root, absentFrom: [tree]))
  }
}

/// What a release may hold at most.
public struct ContentLimits: Sendable, Hashable {
  /// Bytes of one file.
  public var fileBytes: Int
  public var files: Int
  /// Bytes of all files together.
  public var totalBytes: Int
  /// Levels of folders.
  public var depth: Int

  public init(fileBytes: Int = 100 << 20, files: Int = 200_000, totalBytes: Int = 4 << 30, depth: Int = 64) {
    self.fileBytes = fileBytes
    self.files = files
    self.totalBytes = totalBytes
    self.depth = depth
  }
}
