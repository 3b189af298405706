import Synchronization

/// How many bodies are in memory at once.
final class BodySlots: Sendable {
  private let free: Mutex<Int>

  init(_ count: Int) { free = Mutex(count) }

  /// Runs `body` in a slot; `nil` where all are taken.
  func within<Result>(_ body: () async throws -> Result) async rethrows -> Result? {
    let isFree = free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
    guard isFree else { return nil }
    defer { free.withLock { $0 += 1 } }
    return try await body()
  }
}
