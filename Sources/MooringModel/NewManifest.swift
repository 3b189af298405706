/// The manifest of an object that no release has yet.
public struct NewManifest: Sendable, Hashable {
  /// A name for its file: `configmap-settings.yaml`.
  public var file: String
  /// YAML, without what the server added to the object.
  public var bytes: [UInt8]

  public init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }
}
