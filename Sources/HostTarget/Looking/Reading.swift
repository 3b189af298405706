import Glibc
public import MooringModel

extension SwitchLayout {
  /// Of an object of the release that was last looked at; before the first look, of the one that is live.
  public func read(_ object: ObjectName, limit: Int) async throws -> LiveContent? {
    try Fault.wrapping(at: options.root) {
      let root = try lookingRoot()
      let names = object.components.map { FileName($0) }
      guard names.first == SwitchRoot.current else { return nil }
      guard names.count > 1 else {
        var link = try reader(limit).content(names[...], in: root.folder)
        link?.expected = deployed.map { Array(SwitchRoot.linkTarget(of: $0).bytes) }
        return link
      }
      guard let digest = try deployed ?? root.live() else { return nil }
      let path = [SwitchRoot.releases, SwitchRoot.folderName(of: digest)] + names.dropFirst()
      return try reader(limit).content(path[...], in: root.folder)
    }
  }

  /// The link belongs to no release's files, and leads where the release is.
  public func wanted(_ object: ObjectName, in contents: any ReleaseContents) async throws -> ContentID? {
    if object == ObjectName(path: SwitchRoot.current.bytes) {
      return try contents.identity(of: Array(SwitchRoot.linkTarget(of: contents.digest).bytes))
    }
    guard let path = try? RelativePath(object.releasePath) else { return nil }
    return try contents.content(at: path)
  }

  private func reader(_ limit: Int) -> ContentReader {
    ContentReader(limit: limit, identity: identity)
  }
}

extension InPlaceLayout {
  public func read(_ object: ObjectName, limit: Int) async throws -> LiveContent? {
    try Fault.wrapping(at: options.root) {
      let names = object.components.map { FileName($0) }
      return try ContentReader(limit: limit, identity: identity).content(names[...], in: lookingRoot())
    }
  }
}

/// Reads single objects, following no link.
struct ContentReader {
  let limit: Int
  let identity: (@Sendable ([UInt8]) throws -> ContentID)?

  /// `nil` where there is no file or link, one that can't be read, or more than `limit` bytes.
  func content(_ path: ArraySlice<FileName>, in folder: borrowing Folder) throws -> LiveContent? {
    guard let name = path.first else { return nil }
    guard path.count == 1 else {
      guard try folder.entry(name)?.kind == .folder else { return nil }
      return try content(path.dropFirst(), in: folder.folder(name))
    }
    switch try folder.entry(name)?.kind {
    case .link:
      guard let target = try folder.linkTarget(name), target.count <= limit else { return nil }
      return LiveContent(object: LiveObject(kind: .link, content: try identity?(target)), bytes: target)
    case .regular:
      guard let (bytes, entry) = try folder.read(name, limit: limit) else { return nil }
      let object = LiveObject(
        kind: .file, content: try identity?(bytes), size: bytes.count, mode: UInt32(entry.permissions),
        owner: "\(entry.owner):\(entry.group)")
      return LiveContent(object: object, bytes: bytes)
    case .folder, .other, nil: return nil
    }
  }
}
