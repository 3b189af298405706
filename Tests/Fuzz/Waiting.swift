import Dispatch
import Synchronization

/// Waits for asynchronous work. A fuzzer's thread is none of the pool that tasks run on, so it may block.
func waiting<Success: Sendable, Failure: Error>(
  for body: @escaping @Sendable () async throws(Failure) -> Success
) -> Result<Success, Failure> {
  let outcome = Outcome<Result<Success, Failure>>()
  Task.detached {
    do throws(Failure) { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
  }
  return outcome.get()
}

private final class Outcome<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let isThere = DispatchSemaphore(value: 0)

  func set(_ new: Value) {
    value.withLock { $0 = new }
    isThere.signal()
  }

  func get() -> Value {
    isThere.wait()
    guard let found = value.withLock({ $0 }) else { fatalError("no outcome") }
    return found
  }
}
