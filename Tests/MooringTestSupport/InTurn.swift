import Dispatch
import Synchronization
public import Testing

/// Lets a few tests run at once, each on threads that it may block.
///
/// Tests that call `git` or wait for a program block a thread of theirs. On the threads that all tests share that would
/// stop the clocks of those that measure time; and all of them at once would leave each a hundredth of the machine.
public struct InTurn: SuiteTrait, TestTrait, TestScoping {
  public var isRecursive: Bool { true }
  /// How long one test may take from the moment when it has its turn. Testing's own time limit counts the waiting too.
  let limit: Duration

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // A suite has no body of its own: its tests take their turns.
    guard testCase != nil else { return try await function() }
    await Turns.shared.take()
    defer { Turns.shared.giveBack() }
    try await withTaskExecutorPreference(OwnThreads.shared) { try await limited(function) }
  }

  /// Says of a test that takes too long that it does, while it still runs.
  private func limited(_ function: @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [limit] in
        try await Task.sleep(for: limit)
        Issue.record(TurnTooLong(limit: limit))
      }
      defer { group.cancelAll() }
      try await function()
    }
  }
}

/// A test took longer than its turn may last.
public struct TurnTooLong: Error, CustomStringConvertible {
  public let limit: Duration
  public var description: String { "not done within \(limit)" }
}

extension Trait where Self == InTurn {
  /// A few tests at once, on threads that they may block, for five minutes each.
  public static var inTurn: Self { InTurn(limit: .seconds(300)) }
}

private final class Turns: Sendable {
  static let shared = Turns(4)

  private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

  private init(_ count: Int) { state = Mutex((count, [])) }

  func take() async {
    await withCheckedContinuation { continuation in
      let isOurs = state.withLock { state in
        if state.free == 0 {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isOurs { continuation.resume() }
    }
  }

  func giveBack() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}

private final class OwnThreads: TaskExecutor {
  static let shared = OwnThreads()
  private let queue = DispatchQueue(label: "mooring.tests", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
