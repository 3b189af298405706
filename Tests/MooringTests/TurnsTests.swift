import MooringModel
import Synchronization
import Testing

@testable import Mooring

@Suite("Turns of many environments", .timeLimit(.minutes(1))) struct TurnsTests {
  /// How many work now, and how many did at most.
  private final class Count: Sendable {
    private let state = Mutex((now: 0, most: 0))
    var most: Int { state.withLock { $0.most } }
    func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { state.withLock { $0.now -= 1 } }
  }

  /// A clock whose waits end only by being cancelled, as far as a test can tell.
  private static let endless = Time(now: Time.system.now, sleep: { _ in try await Task.sleep(for: .seconds(3600)) })

  @Test func areTakenByABoundedNumberAtATime() async {
    let turns = Turns(3, longest: .seconds(60), time: Self.endless)
    let count = Count()
    await withTaskGroup { group in
      for _ in 0..<50 {
        group.addTask {
          await turns.take {
            count.enter()
            for _ in 0..<20 { await Task.yield() }
            count.leave()
          }
        }
      }
    }
    #expect(count.most <= 3)
    #expect(count.most > 0)
  }

  @Test func whoeverTakesLongKeepsNobodyElseWaiting() async {
    let turns = Turns(1, longest: .milliseconds(1), time: .system)
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    await withTaskGroup { group in
      group.addTask { await turns.take { for await _ in stream {} } }
      // It comes to work though the first, which waits for it, still does.
      group.addTask { await turns.take { continuation.finish() } }
    }
  }

  @Test func handOutWhatTheWorkAnswersOrThrows() async throws {
    let turns = Turns(1, longest: .seconds(60), time: Self.endless)
    #expect(await turns.take { 7 } == 7)
    await #expect(throws: Fault.self) {
      try await turns.take { () async throws -> Int in throw Fault(.usage, "no") }
    }
    #expect(await turns.take { 8 } == 8)
  }

  @Test func workIsCancelledWithWhoeverAskedForIt() async {
    let turns = Turns(1, longest: .seconds(60), time: Self.endless)
    let (began, start) = AsyncStream<Void>.makeStream()
    let task = Task {
      await turns.take {
        start.finish()
        let (stream, _) = AsyncStream<Void>.makeStream()
        for await _ in stream {}
        return Task.isCancelled
      }
    }
    for await _ in began {}
    task.cancel()
    #expect(await task.value)
  }
}
