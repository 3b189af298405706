import MooringJournal
import MooringModel

/// The right to work on an environment whose target coordinates, for as long as it is kept.
struct Seat: Sendable {
  let context: EnvironmentContext
  let coordination: any Coordination
  /// Told of what doesn't end anything, such as a renewal that failed.
  let complain: @Sendable (any Error) -> Void
  /// Whether it is a watcher's.
  var isWatching = false

  private var holder: String { context.journal.source }

  /// In a task of its own: one that waits for the next renewal would keep the stack that a request needs.
  func claim() async throws -> Claim {
    async let claim = coordination.claim(for: holder, isIdle: isIdle, isWatching: isWatching)
    return try await claim
  }

  private var isIdle: Bool {
    guard let state = try? context.head().state else { return false }
    return state.isAtRest
  }

  /// Runs `body` while the claim is renewed, and cancels it when it can't be, before anybody else may begin.
  ///
  /// - Returns: What `body` returned; `nil` where it was cancelled for that.
  func whileHeld<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result? {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        await renew()
        return nil
      }
      group.addTask {
        await untilItEnds()
        return nil
      }
      defer { group.cancelAll() }
      let first = try await group.next() ?? nil
      group.cancelAll()
      // What was cancelled ends before others are told that they may begin.
      while true {
        do { guard try await group.next() != nil else { return first } } catch { continue }
      }
    }
  }

  /// Returns when somebody else has it.
  private func renew() async {
    var pause = coordination.timing.renewal
    while !Task.isCancelled {
      do { try await context.time.sleep(pause) } catch { return }
      // Who was paused for too long doesn't ask first.
      do { try coordination.check() } catch { return }
      do {
        guard try await claim() == .held else { return }
        pause = coordination.timing.renewal
      } catch {
        if Task.isCancelled { return }
        complain(error)
        pause = coordination.timing.retry
      }
    }
  }

  private func untilItEnds() async {
    while true {
      let rest = coordination.remaining() ?? coordination.timing.duration
      guard rest > .zero else { return }
      do { try await context.time.sleep(rest) } catch { return }
    }
  }
}
