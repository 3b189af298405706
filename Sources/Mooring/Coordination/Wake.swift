import Synchronization

/// Wakes whoever works on an environment now. What is told while nobody does is kept for the next one.
final class Wake: Sendable {
  private struct Entries {
    var listener: AsyncStream<Void>.Continuation?
    var isPending = false
  }

  private let entries = Mutex(Entries())

  func signal() {
    entries.withLock { entries in
      switch entries.listener?.yield() {
      case .enqueued, .dropped: break
      default: entries.isPending = true
      }
    }
  }

  /// A new stream; the one before isn't told any more.
  func signals() -> AsyncStream<Void> {
    let (stream, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    entries.withLock { entries in
      entries.listener = listener
      if entries.isPending { listener.yield() }
      entries.isPending = false
    }
    return stream
  }
}
