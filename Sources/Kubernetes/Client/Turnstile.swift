import Synchronization

/// Lets a bounded number of tasks through at once, first come, first served.
final class Turnstile: Sendable {
  private struct State {
    var free: Int
    var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    var gone: Set<Int> = []
    var lastNumber = 0
  }

  private let state: Mutex<State>

  init(_ places: Int) { state = Mutex(State(free: max(1, places))) }

  /// Runs `body` when there is a place.
  ///
  /// - Throws: `cancelled`, or what `body` throws.
  func pass<Result>(
    _ body: () async throws(KubernetesError) -> Result
  ) async throws(KubernetesError) -> Result {
    guard await enter() else { throw KubernetesError(.cancelled, "the task was cancelled") }
    defer { leave() }
    return try await body()
  }

  /// Whether there is a place now, rather than a cancelled task.
  private func enter() async -> Bool {
    let number = state.withLock { state -> Int? in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      state.lastNumber += 1
      return state.lastNumber
    }
    guard let number else { return true }
    let isLet = await withTaskCancellationHandler {
      await withCheckedContinuation { wait($0, number) }
    } onCancel: {
      giveUp(number)
    }
    // Cancelled at the moment in which it was let in.
    state.withLock { _ = $0.gone.remove(number) }
    return isLet
  }

  private func wait(_ continuation: CheckedContinuation<Bool, Never>, _ number: Int) {
    let isLet = state.withLock { state -> Bool? in
      if state.gone.remove(number) != nil { return false }
      // A place may have come free in between.
      if state.free > 0 {
        state.free -= 1
        return true
      }
      state.waiting.append((number, continuation))
      return nil
    }
    if let isLet { continuation.resume(returning: isLet) }
  }

  private func giveUp(_ number: Int) {
    let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let index = state.waiting.firstIndex(where: { $0.number == number }) else {
        state.gone.insert(number)
        return nil
      }
      return state.waiting.remove(at: index).continuation
    }
    continuation?.resume(returning: false)
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }
}
