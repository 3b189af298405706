public import Git

/// How much is taken from a remote before it is refused as `tooLarge`.
public struct WireLimits: Hashable, Sendable {
  public var pack: PackLimits
  /// How many references it may name, and how many border commits.
  public var references: Int
  /// Bytes of one listing of references.
  public var referenceBytes: Int
  /// Bytes of progress and of packets without content in one answer: what has no end is no progress.
  public var noiseBytes: Int
  /// Bytes that are kept of what a remote says to a person, such as the output of a hook.
  public var messageBytes: Int

  /// A million references in 256 MiB, 16 MiB of noise, 8 KiB of message.
  public init(
    pack: PackLimits = PackLimits(), references: Int = 1_000_000, referenceBytes: Int = 256 << 20,
    noiseBytes: Int = 16 << 20, messageBytes: Int = 8 << 10
  ) {
    self.pack = pack
    self.references = references
    self.referenceBytes = referenceBytes
    self.noiseBytes = noiseBytes
    self.messageBytes = messageBytes
  }
}
