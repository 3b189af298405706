/// Whether a target's watch sees what happens.
public enum Sight: Sendable, Hashable {
  case clear
  /// Some of it isn't seen as it happens, and why: only scans find it.
  case blind(reason: String)
}

/// What a watch sees, as it comes and goes.
public struct LiveSight: Sendable {
  /// Yields when it has changed; the last of several changes is enough.
  public var changes: AsyncStream<Void>
  /// How it is; `nil` where that isn't known yet.
  public var now: @Sendable () -> Sight?

  public init(changes: AsyncStream<Void>, now: @escaping @Sendable () -> Sight?) {
    self.changes = changes
    self.now = now
  }
}
