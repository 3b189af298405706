/// What the tags of images stood for when a release was made.
public struct Artifacts: Hashable, Sendable, Codable {
  /// The release that names them.
  public var release: ReleaseDigest
  /// The digest of each image, by its name in the release.
  public var images: [String: String]

  public init(release: ReleaseDigest, images: [String: String]) {
    self.release = release
    self.images = images
  }
}
