import FoundationEssentials
public import MooringModel

/// The clock that everything is told the time by.
public struct Time: Sendable {
  public var now: @Sendable () -> Timestamp
  public var sleep: @Sendable (Duration) async throws -> Void

  public init(
    now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }

  /// The machine's own.
  public static let system = Time(now: { Timestamp(Date()) }, sleep: { try await Task.sleep(for: $0) })
}
