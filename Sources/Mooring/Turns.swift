/// Lets environments work a bounded number at a time, where otherwise a commit that concerns 1,000 of them would have all
/// of them begin at once, each with what a deployment needs in memory.
///
/// A turn ends after a while whatever becomes of the work: who waits for a gate or a cluster that hangs delays the others
/// by no more than that. The work runs in a task of its own, so that what it needed is given back with its end.
actor Turns {
  private let limit: Int
  private let longest: Duration
  private let time: Time
  private var holding: Set<Int> = []
  /// Those that have been let in and haven't begun.
  private var passing = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var last = 0

  /// - Parameters:
  ///   - limit: Turns at a time.
  ///   - longest: When a turn ends though the work doesn't.
  init(_ limit: Int, longest: Duration, time: Time) {
    self.limit = limit
    self.longest = longest
    self.time = time
  }

  nonisolated func take<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let result: Result<Value, any Error> = await take {
      do { return .success(try await work()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Does the work when it is its turn.
  nonisolated func take<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
    let turn = await begin()
    return await withDiscardingTaskGroup(returning: Value.self) { group in
      group.addTask {
        // Cancelled when the work is done before.
        do { try await self.time.sleep(self.longest) } catch { return }
        await self.end(turn)
      }
      async let result = work()
      let done = await result
      group.cancelAll()
      await end(turn)
      return done
    }
  }

  private func begin() async -> Int {
    last += 1
    let turn = last
    if holding.count + passing >= limit {
      await withCheckedContinuation { waiting.append($0) }
      passing -= 1
    }
    holding.insert(turn)
    return turn
  }

  private func end(_ turn: Int) {
    guard holding.remove(turn) != nil, !waiting.isEmpty else { return }
    passing += 1
    waiting.removeFirst().resume()
  }
}
