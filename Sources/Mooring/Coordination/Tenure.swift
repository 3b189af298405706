import Logging
import MooringModel

/// A watcher's turns at an environment whose target coordinates: it waits for one, works, and hands over.
struct Tenure: Sendable {
  /// How long the last push may take before others are let in.
  private static let lastPush = Duration.seconds(10)

  let context: EnvironmentContext
  let coordination: any Coordination
  let pushesJournal: Bool
  let logger: Logger

  private var metadata: Logger.Metadata { ["environment": "\(context.name)"] }
  private var seat: Seat {
    let complain: @Sendable (any Error) -> Void = { [logger, metadata] error in
      logger.warning("the Lease isn't renewed: \(error)", metadata: metadata)
    }
    return Seat(context: context, coordination: coordination, complain: complain, isWatching: true)
  }

  /// Until the task is cancelled; `work` is called anew for each turn.
  func run(_ work: @escaping @Sendable () async -> Void) async {
    while !Task.isCancelled {
      guard await untilHeld() else { return }
      logger.notice("works on it", metadata: metadata)
      do {
        let isDone: Void? = try await seat.whileHeld(work)
        if isDone == nil, !Task.isCancelled { logger.notice("leaves it to others", metadata: metadata) }
      } catch is CancellationError {
      } catch {
        logger.warning("\(error)", metadata: metadata)
      }
      // Also when the watcher is stopped: then above all.
      await Task { await handOver() }.value
    }
  }

  // MARK: Waiting

  /// - Returns: Whether it is ours now; not, where the task was cancelled.
  private func untilHeld() async -> Bool {
    var said: String?
    if await tryClaim(&said) { return true }
    let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    return await withTaskGroup { group in
      group.addTask { await untilCancelled { try await tell(wake) } }
      group.addTask {
        await untilCancelled {
          try await context.time.sleep(coordination.timing.nextLook(before: await coordination.expiry(), at: .now))
          wake.yield()
        }
      }
      defer { group.cancelAll() }
      for await _ in wakes { if await tryClaim(&said) { return true } }
      return false
    }
  }

  private func tell(_ wake: AsyncStream<Void>.Continuation) async throws {
    do {
      for await _ in try await coordination.chances() { wake.yield() }
    } catch is Fault {
      // Looking now and then is enough, and says itself what is wrong.
    }
    try await context.time.sleep(coordination.timing.duration)
  }

  private func untilCancelled(_ body: () async throws -> Void) async {
    while !Task.isCancelled {
      do { try await body() } catch { return }
    }
  }

  private func tryClaim(_ said: inout String?) async -> Bool {
    do {
      switch try await seat.claim() {
      case .held: return true
      case .heldBy(let other, _), .left(let other):
        if said != other { logger.notice("is worked on by \(other)", metadata: metadata) }
        said = other
        note(other)
      }
    } catch {
      if said != "\(error)", !Task.isCancelled { logger.warning("\(error)", metadata: metadata) }
      said = "\(error)"
    }
    return false
  }

  private func note(_ holder: String) {
    ClaimNote(of: context.name, in: context.state).write(.init(holder: holder, at: context.time.now()))
  }

  // MARK: Handing over

  /// The next one should find all that happened here.
  private func handOver() async {
    do {
      try coordination.check()
      try await EnvironmentLoop(context).leave()
      if pushesJournal { await pushOnce() }
      try await coordination.release(sharing: false)
    } catch {
      logger.info("others wait until the Lease has run out: \(error)", metadata: metadata)
    }
  }

  private func pushOnce() async {
    let limit = min(Self.lastPush, coordination.timing.renewal)
    await withTaskGroup { group in
      group.addTask {
        do {
          try await JournalPublisher(repository: context.repository, environments: [context]).publish()
        } catch {
          logger.warning("journal not pushed yet", metadata: ["environment": "\(context.name)", "error": "\(error)"])
        }
      }
      group.addTask { do { try await context.time.sleep(limit) } catch {} }
      await group.next()
      group.cancelAll()
    }
  }
}
