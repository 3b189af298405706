import Git
import MooringModel

/// Looks through a rendered tree for what must not reach production.
struct ContentCheck {
  let repository: Repository
  let limits: ContentLimits

  /// Looks at what `trusted` doesn't have.
  func check(_ tree: ObjectID, trusting trusted: ObjectID?) throws {
    var tally = Tally(limits: limits)
    if let trusted, repository.contains(trusted) {
      for change in try changes(from: trusted, to: tree) {
        guard let entry = change.new else { continue }
        guard String(validating: change.rawPath, as: UTF8.self) != nil else { throw notUTF8(change.path) }
        try tally.add(check(entry, at: change.path))
      }
      return
    }
    try repository.walkTree(tree) { folder, entry in
      let path = folder + entry.name
      let size = try check(entry, at: path)
      if entry.mode != .directory { try tally.add(size) }
      return .descend
    }
  }

  private func changes(from trusted: ObjectID, to tree: ObjectID) throws -> TreeChanges {
    do {
      return try repository.changes(from: trusted, to: tree)
    } catch let error where error.code == .invalid {
      // Too deep or too large even to be compared: the release is refused, and the fix behind it isn't.
      throw Fault(.limit, error.message, at: "its files", remedy: "flatten the folders, or split the inputs")
    }
  }

  private func notUTF8(_ path: String) -> Fault {
    Fault(.refusedContent, "a name that is not UTF-8", at: path.debugDescription, remedy: "rename it in the repository")
  }

  /// The bytes that the entry adds to the release.
  private func check(_ entry: TreeEntry, at path: String) throws -> Int {
    guard entry.isUTF8 else { throw notUTF8(path) }
    let safe = try RelativePath(path)
    guard safe.components.count <= limits.depth else {
      throw Fault(.limit, "deeper than \(limits.depth) folders", at: path, remedy: "flatten the folders")
    }
    switch entry.mode {
    case .directory: return 0
    case .submodule:
      throw Fault(
        .refusedContent, "a submodule", at: path,
        remedy: "put its files into the repository: a release must be whole by itself")
    case .other(let bits):
      throw Fault(.refusedContent, "a file of mode \(String(bits, radix: 8))", at: path, remedy: "make it a plain file")
    case .link:
      try checkLink(entry, at: safe)
      return 0
    case .regular, .executable: return try checkFile(entry, at: path)
    }
  }

  private func checkFile(_ entry: TreeEntry, at path: String) throws -> Int {
    let size = try repository.blobSize(entry.id)
    guard size <= limits.fileBytes else {
      throw Fault(
        .limit, "a file of \(size) bytes, over the limit of \(limits.fileBytes)", at: path,
        remedy: "keep large files out of the configuration repository")
    }
    guard size < 1024, size > 20 else { return size }
    if try LFSPointer.isPointer(repository.blob(entry.id)) {
      throw Fault(
        .refusedContent, "a Git LFS pointer instead of the file", at: path,
        remedy: "commit the file itself: Mooring doesn't fetch from LFS")
    }
    return size
  }

  private func checkLink(_ entry: TreeEntry, at path: RelativePath) throws {
    guard try repository.blobSize(entry.id) <= 4096,
      let target = String(validating: try repository.blob(entry.id), as: UTF8.self)
    else { throw Fault(.refusedContent, "a link whose target is no path", at: path.string) }
    var depth = path.components.count - 1
    let escapes =
      target.hasPrefix("/") || target.isEmpty
      || target.split(separator: "/").contains { component in
        if component == ".." { depth -= 1 } else if component != "." { depth += 1 }
        return depth < 0
      }
    guard !escapes else {
      throw Fault(
        .refusedContent, "a link that leads out of the release: \(target.prefix(200).debugDescription)",
        at: path.string,
        remedy: "link within the environment's inputs, or use `persistent`")
    }
  }
}

/// What a release adds up to, or the change from the one before.
private struct Tally {
  let limits: ContentLimits
  private var files = 0
  private var bytes = 0

  init(limits: ContentLimits) { self.limits = limits }

  mutating func add(_ size: Int) throws(Fault) {
    files += 1
    bytes += size
    guard files <= limits.files else {
      throw Fault(.limit, "more than \(limits.files) files", remedy: "split the environment's inputs")
    }
    guard bytes <= limits.totalBytes else {
      throw Fault(
        .limit, "files of more than \(limits.totalBytes) bytes together", remedy: "split the environment's inputs")
    }
  }
}
