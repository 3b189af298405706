import Glibc
public import MooringModel

extension SwitchLayout {
  public func files(in folder: ObjectName, limit: Int, _ rules: LookRules) async throws -> [ObjectName] {
    try Fault.wrapping(at: options.root) {
      let root = try lookingRoot()
      let names = folder.components.map { FileName($0) }
      guard names.first == SwitchRoot.current, names.count > 1, let digest = try deployed ?? root.live() else {
        return []
      }
      let path = Array(names.dropFirst())
      let place = [SwitchRoot.releases, SwitchRoot.folderName(of: digest)] + path
      var files = FolderFiles(rules: rules, limit: limit, prefix: [SwitchRoot.current])
      try files.collect(path, in: root.folder.folder(beneath: place))
      return files.found
    }
  }
}

extension InPlaceLayout {
  public func files(in folder: ObjectName, limit: Int, _ rules: LookRules) async throws -> [ObjectName] {
    try Fault.wrapping(at: options.root) {
      let path = folder.components.map { FileName($0) }
      var files = FolderFiles(rules: rules, limit: limit, prefix: [])
      try files.collect(path, in: lookingRoot().folder(beneath: path))
      return files.found
    }
  }
}

/// What lies below a folder that others made; no link is followed.
private struct FolderFiles {
  /// Folders within each other.
  private static let deepest = 64

  let rules: LookRules
  let limit: Int
  /// Before the path in the release, in the names of objects.
  let prefix: [FileName]
  private(set) var found: [ObjectName] = []

  mutating func collect(_ path: [FileName], in folder: borrowing Folder) throws {
    for name in try folder.names().sorted() {
      let inner = path + [name]
      guard let kind = try folder.entry(name)?.kind,
        !rules.ignore(inner.map { Array($0.bytes) }, isFolder: kind == .folder, isOurs: false)
      else { continue }
      switch kind {
      case .folder:
        guard inner.count <= Self.deepest else { throw refused(inner, "it lies deeper than \(Self.deepest) folders") }
        try collect(inner, in: folder.folder(name))
      case .regular, .link:
        guard found.count < limit else { throw refused(path, "it holds more than \(limit) files") }
        found.append(ObjectName(prefix + inner))
      case .other: throw refused(inner, "it is a device, a pipe or a socket")
      }
    }
  }

  private func refused(_ path: [FileName], _ why: String) -> Fault {
    Fault(.refusedContent, why, at: ObjectName(prefix + path).string, remedy: "remove it, or leave the folder alone")
  }
}
