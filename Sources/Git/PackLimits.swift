/// How much of a pack is taken from a remote.
public struct PackLimits: Hashable, Sendable {
  /// The size of a pack as it arrives.
  public var bytes: Int
  public var objects: Int
  /// The size of one object when it is inflated, and of one that a delta makes: both stand in memory for a while.
  public var objectBytes: Int

  /// 4 GiB, 20 million objects, and as much an object as Mooring reads.
  public init(bytes: Int = 4 << 30, objects: Int = 20_000_000, objectBytes: Int = Repository.largestObject) {
    self.bytes = bytes
    self.objects = objects
    self.objectBytes = objectBytes
  }
}
