// A thread of their own for actors that make blocking calls (libgit2, files, locks), so that the cooperative pool, which
// has as many threads as the machine has cores, is never held up.

import Dispatch

/// Runs an actor's jobs one after the other on a dispatch queue.
public final class BlockingExecutor: SerialExecutor {
  private let queue: DispatchQueue

  public init(label: String) { queue = DispatchQueue(label: label) }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  public func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }

  /// Runs a body after the jobs that are waiting now.
  public func afterWaitingJobs(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }
}
