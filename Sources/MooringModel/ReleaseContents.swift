/// One file of a rendered tree.
public struct ReleaseFile: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case regular, executable
    /// A symbolic link; the content is its target.
    case link
  }

  public var path: RelativePath
  public var kind: Kind
  public var content: ContentID

  public init(path: RelativePath, kind: Kind, content: ContentID) {
    self.path = path
    self.kind = kind
    self.content = content
  }
}

/// The files of a rendered tree, read from where releases are stored. Never asks the network.
public protocol ReleaseContents: Sendable {
  var digest: ReleaseDigest { get }

  /// All files, sorted by path. Linear in their number.
  func files() throws -> [ReleaseFile]

  /// The bytes of one file, or of a link its target.
  func read(_ content: ContentID) throws -> [UInt8]

  /// What the release has at a path; `nil` where it has no file there.
  func content(at path: RelativePath) throws -> ContentID?

  /// The identity that these bytes would have as a file.
  func identity(of bytes: [UInt8]) throws -> ContentID
}

extension ReleaseContents {
  /// Linear in the number of files.
  public func content(at path: RelativePath) throws -> ContentID? {
    try files().first { $0.path == path }?.content
  }
}
