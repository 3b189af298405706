import Logging
import MooringModel
import Synchronization

/// Says in the log, and for `mooring status`, by what means production is watched, when it isn't seen, and when it is again.
///
/// One for a watcher's time with an environment, whatever watches there are one after the other.
final class SightTeller: Sendable {
  /// A connection that is made anew at once is nothing to be told of.
  private static let patience = Duration.seconds(5)

  private struct Said {
    var means: WatchMeans?
    var blindness: String?
  }

  private let context: EnvironmentContext
  private let logger: Logger
  private let said = Mutex(Said())

  private var metadata: Logger.Metadata { ["environment": "\(context.name)"] }
  private var note: SightNote { SightNote(of: context.name, in: context.state) }

  init(_ context: EnvironmentContext, _ logger: Logger) {
    self.context = context
    self.logger = logger
    note.write(nil)
  }

  /// Nobody watches any more.
  func end() { note.write(nil) }

  /// Until the watch ends, or the task is cancelled.
  func follow(_ watch: LiveWatch) async {
    guard let sight = watch.sight else { return see(by: watch.means) }
    var isKnown = false
    for await _ in sight.changes {
      if !isKnown, sight.now() == .clear {
        isKnown = true
        see(by: watch.means)
        continue
      }
      do { try await context.time.sleep(Self.patience) } catch { return }
      switch sight.now() {
      case .clear: see(by: watch.means)
      case .blind(let reason): lose(because: reason)
      case nil: continue
      }
      isKnown = true
    }
  }

  private func see(by means: WatchMeans) {
    let (isNew, wasBlind) = said.withLock { said in
      defer { said = Said(means: means, blindness: nil) }
      return (said.means != means, said.blindness != nil)
    }
    if wasBlind { note.write(nil) }
    let again = wasBlind ? " again" : ""
    switch means {
    case _ where !isNew && !wasBlind: break
    case .managers: logger.info("changes are seen as they happen\(again)", metadata: metadata)
    case .requests:
      logger.info("changes are seen as they happen\(again), with whom the API server tells", metadata: metadata)
    case .processes: logger.info("changes are seen with who makes them", metadata: metadata)
    case .changes(let reason), .scans(let reason): logger.notice("\(reason)", metadata: metadata)
    }
  }

  private func lose(because reason: String) {
    let isNew = said.withLock { said in
      defer { said.blindness = reason }
      return said.blindness == nil
    }
    note.write(.init(since: isNew ? context.time.now() : note.last?.since ?? context.time.now(), reason: reason))
    guard isNew else { return }
    let scan = context.configuration.policy.drift.scan
    logger.warning("changes aren't seen as they happen, only by scans, every \(scan): \(reason)", metadata: metadata)
  }
}
