import Git
public import MooringModel

/// The files of a release as the local repository holds them.
public struct StoredRelease: ReleaseContents {
  public let digest: ReleaseDigest
  private let repository: Repository

  init(_ digest: ReleaseDigest, in repository: Repository) throws {
    guard try repository.contains(digest.object) else {
      throw Fault(
        .notFound, "the release's tree \(digest.short) is not in the repository", at: repository.path,
        remedy: "fetch the journal from the remote, which holds it")
    }
    self.digest = digest
    self.repository = repository
  }

  public func files() throws -> [ReleaseFile] {
    var files: [ReleaseFile] = []
    try repository.walkTree(digest.object) { folder, entry in
      let path = folder + entry.name
      guard let kind = ReleaseFile.Kind(entry.mode) else { return .descend }
      files.append(ReleaseFile(path: try RelativePath(path), kind: kind, content: try entry.id.content))
      return .descend
    }
    return files.sorted { $0.path < $1.path }
  }

  public func read(_ content: ContentID) throws -> [UInt8] { try repository.blob(content.object) }

  /// The bytes of one file; `nil` where there is none, or a larger one.
  func bytes(at path: String, limit: Int) -> [UInt8]? {
    guard let entry = try? repository.entry(at: path, in: digest.object), ReleaseFile.Kind(entry.mode) != nil,
      entry.mode != .link, let size = try? repository.blobSize(entry.id), size <= limit
    else { return nil }
    return try? repository.blob(entry.id)
  }

  /// The entry of an object; `nil` where the release has nothing there.
  func entry(of object: ObjectName) -> TreeEntry? {
    guard (try? RelativePath(object.releasePath)) != nil else { return nil }
    return try? repository.entry(at: object.releasePath, in: digest.object)
  }

  /// What the release has at an object's place; `nil` where it has no file there.
  func content(of object: ObjectName) -> ContentID? {
    guard let entry = entry(of: object), ReleaseFile.Kind(entry.mode) != nil else { return nil }
    return try? entry.id.content
  }

  public func content(at path: RelativePath) throws -> ContentID? {
    guard let entry = try repository.entry(at: path.string, in: digest.object), ReleaseFile.Kind(entry.mode) != nil
    else { return nil }
    return try entry.id.content
  }

  /// Whether an object of a target belongs to the release.
  func holds(_ object: ObjectName) -> Bool { entry(of: object) != nil }

  public func identity(of bytes: [UInt8]) throws -> ContentID {
    try Repository.identity(ofBlob: bytes).content
  }
}

extension ReleaseFile.Kind {
  /// `nil` for what is no file: folders and submodules.
  init?(_ mode: TreeEntry.Mode) {
    switch mode {
    case .regular: self = .regular
    case .executable: self = .executable
    case .link: self = .link
    case .directory, .submodule, .other: return nil
    }
  }
}
