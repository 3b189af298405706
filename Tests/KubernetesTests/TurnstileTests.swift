import Synchronization
import Testing

@testable import Kubernetes

@Suite(.timeLimit(.minutes(1))) struct TurnstileTests {
  private final class Room: Sendable {
    let count = Mutex((now: 0, most: 0, total: 0))

    func visit() async {
      count.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) }
      await Task.yield()
      count.withLock { $0.now -= 1 }
    }
  }

  @Test func noMoreThanItsPlacesAreInsideAtOnce() async throws {
    let (turnstile, room) = (Turnstile(3), Room())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask { try await turnstile.pass { () throws(KubernetesError) in await room.visit() } }
      }
      try await group.waitForAll()
    }
    let count = room.count.withLock { $0 }
    #expect(count.most == 3)
    #expect(count.total == 200)
  }

  @Test func whoeverIsCancelledGoesAndTakesNoPlace() async throws {
    let turnstile = Turnstile(1)
    let (isIn, enter) = AsyncStream.makeStream(of: Void.self)
    let (mayLeave, leave) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await turnstile.pass { () throws(KubernetesError) in
          enter.finish()
          for await _ in mayLeave {}
        }
      }
      for await _ in isIn {}
      let code = await withTaskGroup(of: KubernetesError.Code?.self) { group in
        group.addTask {
          do throws(KubernetesError) { try await turnstile.pass { () throws(KubernetesError) in } } catch {
            return error.code
          }
          return nil
        }
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(code == .cancelled)
      leave.finish()
      try await group.waitForAll()
      try await turnstile.pass { () throws(KubernetesError) in }
    }
  }
}
