import BlockingWork
import Git
import MooringModel

/// Writes appends into the index: those that wait at one moment share one transaction.
actor JournalIndexWriter {
  private struct Waiting {
    var entry: JournalIndex.Entry
    var continuation: CheckedContinuation<Void, any Error>
  }

  private let executor = BlockingExecutor(label: "mooring.index")
  private let index: JournalIndex
  private var waiting: [Waiting] = []
  private var isFlushing = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ index: JournalIndex) { self.index = index }

  /// Returns once the index has it, or is known to be unwritable.
  func record(_ entry: JournalIndex.Entry) async throws {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(Waiting(entry: entry, continuation: continuation))
      guard !isFlushing else { return }
      isFlushing = true
      executor.afterWaitingJobs { self.assumeIsolated { $0.flush() } }
    }
  }

  private func flush() {
    isFlushing = false
    let batch = waiting
    waiting = []
    let outcome = Result { try index.record(batch.map(\.entry)) }
    for waiting in batch { waiting.continuation.resume(with: outcome) }
  }
}
