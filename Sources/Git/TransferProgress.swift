/// How far the copying of objects between two repositories has come.
public struct TransferProgress: Hashable, Sendable {
  public var totalObjects: Int
  public var doneObjects: Int
  /// Bytes of the pack that have arrived so far.
  public var bytes: Int

  public init(totalObjects: Int, doneObjects: Int, bytes: Int) {
    self.totalObjects = totalObjects
    self.doneObjects = doneObjects
    self.bytes = bytes
  }
}
