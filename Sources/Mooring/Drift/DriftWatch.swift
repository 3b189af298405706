import Logging
import MooringJournal
import MooringModel
import Synchronization

/// Looks after one environment's production: at once where events tell of a change, and in full at the start and every
/// `scan`.
struct DriftWatch: Sendable {
  /// How often it is written down that somebody watches.
  static let heartbeat = Duration.seconds(60)
  /// How long a look waits for a deployment that another process carries out.
  private static let patience = Duration.seconds(600)
  /// Entries into production that wait to be written down; of more the oldest are lost.
  private static let mostEntries = 100

  /// What the watch notes and the looks take.
  private final class Unsettled: Sendable {
    let value: Mutex<Settling>
    /// Whether the kernel says who it was. Where it doesn't, what Mooring wrote itself looks like anybody's writing.
    let knowsWho = Atomic(false)
    init(settle: Duration) { value = Mutex(Settling(settle: settle)) }
  }

  private enum Wake: Sendable {
    /// Something waits to be looked at, where nothing did before: one for each, so that no wake is ever pushed out.
    case noted
    case settled, scan, heartbeat
    /// A look failed some time ago.
    case again
    /// What was healed before and is changed again may be healed again.
    case patience
    /// From now on events tell of changes; what happened before that is for a look at everything.
    case watched
  }

  let context: EnvironmentContext
  let loop: EnvironmentLoop
  let logger: Logger
  let turns: Turns
  /// Called after something was recorded.
  let recorded: @Sendable () -> Void

  private var record: LookRecord { LookRecord(of: context.name, in: context.state) }
  private var policy: DriftPolicy { context.configuration.policy.drift }
  /// When something that couldn't be done is tried again.
  private var retry: Duration { min(policy.scan, .seconds(10)) }

  /// Watches until the task is cancelled.
  func run() async {
    let (wakes, wake) = AsyncStream<Wake>.makeStream(bufferingPolicy: .bufferingNewest(64))
    let settling = Unsettled(settle: policy.settle)
    let (entries, entered) = AsyncStream<LiveChange>.makeStream(bufferingPolicy: .bufferingNewest(Self.mostEntries))
    await withDiscardingTaskGroup { group in
      group.addTask { await follow(settling, entered) { wake.yield($0) } }
      group.addTask { for await entry in entries { await inItsOwnTask { await note(entry) } } }
      group.addTask { await every(Self.heartbeat) { wake.yield(.heartbeat) } }
      group.addTask { await wait(until: .now + nextScan()) { wake.yield(.scan) } }
      var isArmed = false
      var hasFailed = false
      var isPatient = false
      for await one in wakes {
        var isLooked = true
        switch one {
        case .noted where !isArmed, .settled:
          isArmed = false
          if let due = settling.value.withLock({ $0.take(at: .now) }) {
            let told = settling.knowsWho.load(ordering: .relaxed) ? due.told : [:]
            isLooked = await inItsOwnTask { await look(due.scope, told: told) }
          }
          if let next = settling.value.withLock({ $0.next() }) {
            isArmed = true
            group.addTask { await wait(until: next) { wake.yield(.settled) } }
          }
        case .noted: continue
        case .watched: isLooked = await inItsOwnTask(scan)
        case .again:
          hasFailed = false
          isLooked = await inItsOwnTask(scan)
        case .patience:
          isPatient = false
          isLooked = await inItsOwnTask(scan)
        case .scan:
          isLooked = await inItsOwnTask(scan)
          group.addTask { await wait(until: .now + nextScan()) { wake.yield(.scan) } }
        case .heartbeat: record.write(context.time.now())
        }
        // What was to be looked at is forgotten then, so all of it is looked at.
        if !isLooked, !hasFailed {
          hasFailed = true
          group.addTask { await wait(until: .now + retry) { wake.yield(.again) } }
        }
        if !isPatient, let pause = untilNextHeal() {
          isPatient = true
          group.addTask { await wait(until: .now + pause) { wake.yield(.patience) } }
        }
      }
    }
  }

  // MARK: Waking

  private func follow(
    _ settling: Unsettled, _ entered: AsyncStream<LiveChange>.Continuation, _ wake: @Sendable (Wake) -> Void
  ) async {
    defer { entered.finish() }
    let teller = SightTeller(context, logger)
    defer { teller.end() }
    while !Task.isCancelled {
      do {
        let rules = try DriftReader(context: context).watchRules()
        let watch = try await turns.take { try await context.target.watch(rules) }
        settling.knowsWho.store(watch.means == .processes, ordering: .relaxed)
        wake(.watched)
        await withTaskGroup { group in
          group.addTask { await teller.follow(watch) }
          for await change in watch.changes where !isOwn(change) { note(change, settling, entered, wake) }
          group.cancelAll()
        }
      } catch is CancellationError {
        return
      } catch {
        logger.warning("production isn't watched", metadata: ["environment": "\(context.name)", "error": "\(error)"])
        wake(.watched)
      }
      // The root may not be there yet, or the watch has ended: it is set up again, and a scan covers the time between.
      do { try await context.time.sleep(retry) } catch { return }
    }
  }

  private func note(
    _ change: LiveChange, _ settling: Unsettled, _ entered: AsyncStream<LiveChange>.Continuation,
    _ wake: @Sendable (Wake) -> Void
  ) {
    if change.isEntry {
      entered.yield(change)
      return
    }
    let isFirst = settling.value.withLock { settling in
      defer { settling.note(change, at: .now) }
      return settling.isEmpty
    }
    if isFirst { wake(.noted) }
  }

  /// Writes into the story that somebody went into something of production.
  private func note(_ entry: LiveChange) async {
    let who = entry.by?.description ?? "somebody"
    let text = "\(who) went into \(entry.object?.string ?? "production") at \(entry.by?.at ?? entry.at)"
    await write(.note(text))
  }

  private func write(_ request: Request) async {
    do {
      _ = try await loop.working(insisting: false, waitingAtMost: Self.patience) {
        try await loop.process([.asked(request, by: .watcher)])
      }
      recorded()
    } catch is CancellationError {
      return
    } catch {
      logger.warning(
        "it isn't in the journal: \(request)", metadata: ["environment": "\(context.name)", "error": "\(error)"])
    }
  }

  /// What Mooring does itself, by whichever process, is no news.
  private func isOwn(_ change: LiveChange) -> Bool {
    change.isOurs || (change.by?.executable.map { $0 == Self.executable } ?? false)
  }

  private static let executable = ExecutablePath.own

  private func every(_ interval: Duration, _ body: @Sendable () -> Void) async {
    while true {
      do { try await context.time.sleep(interval) } catch { return }
      body()
    }
  }

  private func wait(until instant: ContinuousClock.Instant, _ body: @Sendable () -> Void) async {
    do { try await context.time.sleep(max(.zero, instant - .now)) } catch { return }
    body()
  }

  /// The next scan comes with the end of what is ignored until then.
  @inline(never)
  private func nextScan() -> Duration {
    let now = context.time.now()
    let ends = head()?.state.ignores.compactMap(\.ignored.until) ?? []
    return ends.filter { $0 > now }.map { $0 - now + .milliseconds(1) }.reduce(policy.scan, min)
  }

  @inline(never)
  private func untilNextHeal() -> Duration? {
    guard let next = head()?.state.nextHeal(under: policy) else { return nil }
    let now = context.time.now()
    return next > now ? next - now : nil
  }

  private func head() -> JournalHead? {
    do { return try context.head() } catch {
      logger.warning("the journal can't be read", metadata: ["environment": "\(context.name)", "error": "\(error)"])
      return nil
    }
  }

  // MARK: Looking

  /// A look at everything; what it finds happened since somebody last looked.
  ///
  /// - Returns: Whether everything was looked at that is ours to look at.
  @discardableResult
  func scan() async -> Bool {
    guard let head = head() else { return false }
    guard context.isOwner(head.state) else { return true }
    let now = context.time.now()
    // Where watchers of several machines take turns, another one may have looked meanwhile.
    let others = await context.coordination?.watchedBefore()
    // Where the record of it was lost, or never was, nobody is known to have watched since the journal's last event.
    let since =
      [record.last, others].compactMap { $0 }.max() ?? (context.coordination == nil ? head.state.lastEvent : nil)
    let unattended = since.flatMap { now - $0 > Self.heartbeat * 2 ? Window(since: $0, until: now) : nil }
    guard await look(.everything, told: [:], unattended: unattended) else { return false }
    if let unattended, context.coordination == nil || others != nil { await write(.unattended(unattended)) }
    record.write(now)
    context.giveMemoryBack()
    return true
  }

  /// - Returns: Whether it was looked.
  private func look(
    _ scope: LookScope, told: [ObjectName: Attribution?], unattended: Window? = nil
  ) async -> Bool {
    let request = LookRequest(scope, unattended: unattended, told: told)
    return await turns.take { await look(request) }
  }

  private func look(_ request: LookRequest) async -> Bool {
    do {
      let report = try await loop.look(request, waitingAtMost: Self.patience)
      for fault in report.refusals {
        logger.warning("\(fault)", metadata: ["environment": "\(context.name)"])
      }
      if !report.events.isEmpty { recorded() }
      return report.refusals.isEmpty || !report.events.isEmpty
    } catch is CancellationError {
      return true
    } catch {
      logger.warning(
        "production can't be looked at", metadata: ["environment": "\(context.name)", "error": "\(error)"])
      return false
    }
  }
}
