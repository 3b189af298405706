import Git
import Logging
import MooringJournal
import MooringModel
import Processes
import Synchronization

/// Keeps history's index up with the branches while nobody waits for it, so that the first question after a commit is answered
/// as quickly as the next.
///
/// By a program of its own, which has the lowest priority: reading a long history for the first time takes memory that a
/// watcher wouldn't get rid of again.
final class HistoryAhead: Sendable {
  /// What comes meanwhile is read in one go.
  private static let pause = Duration.seconds(1)
  private static let timeLimit = Duration.seconds(3600)

  /// Up to where an environment's history was there to be read.
  private struct Mark: Hashable {
    var tip: ObjectID
    var newest: ReleaseNumber?
  }

  private struct Work {
    var seen: [EnvironmentName: Mark] = [:]
    var waiting: Set<EnvironmentName> = []
  }

  private let program: [String]?
  private let work = Mutex(Work())
  private let news: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  /// - Parameter program: What brings the index up to date, with all arguments but the environments; without it nobody does.
  init(_ program: [String]?) {
    self.program = program
    (news, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// The branch was read: where there is more of it than the last time, or of its releases, that is read into the index soon.
  func note(_ environment: EnvironmentContext, newest: ReleaseNumber?) throws {
    guard program != nil, environment.repository.wasFetched else { return }
    let mark = Mark(tip: try environment.repository.tip(), newest: newest)
    let isNew = work.withLock { work in
      guard work.seen[environment.name] != mark else { return false }
      work.seen[environment.name] = mark
      work.waiting.insert(environment.name)
      return true
    }
    if isNew { signal.yield() }
  }

  /// Until the task is cancelled.
  func run(_ time: Time, logger: Logger) async {
    guard let program else { return }
    for await _ in news {
      let names = work.withLock { work in
        defer { work.waiting = [] }
        return work.waiting.sorted().map(\.string)
      }
      do {
        try await read(program + names)
        logger.info("history read", metadata: ["environments": "\(names.count)"])
      } catch is CancellationError {
        return
      } catch {
        logger.warning("history isn't read ahead: whoever asks for it waits", metadata: ["error": "\(error)"])
      }
      do { try await time.sleep(Self.pause) } catch { return }
    }
  }

  private func read(_ arguments: [String]) async throws {
    let outcome = try await Processes.run(
      Program(arguments, timeLimit: Self.timeLimit, outputLimit: 4096))
    guard outcome.termination == .exited(0) else {
      throw Fault(.unexpected, "\(outcome.termination): \(outcome.output.suffix(300))")
    }
  }
}
