import Dispatch

/// Runs an actor's jobs one after the other on a queue of its own: file work blocks, and must not block the cooperative
/// pool.
final class FileWorkExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "mooring.host-target")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
