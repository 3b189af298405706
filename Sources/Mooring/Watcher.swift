import Glibc
public import Logging
import MooringJournal
public import MooringModel

/// Watches every repository, and keeps every environment at what its branch says.
///
/// Each repository is asked on its own, and each environment works on its own: a remote that hangs or a gate that waits
/// delays nobody else.
public struct Watcher: Sendable {
  /// How long a command may keep an environment before the watcher says so.
  static let patience = Duration.seconds(600)

  /// How long a loop may be late before it counts as stuck.
  private static let leeway = Duration.seconds(60)

  /// Whether the watcher's loops turn, while it runs.
  public let pulse = WatcherPulse()

  /// Environments that work at a time, and how long one counts as one of them.
  static let (atOnce, turn) = (32, Duration.seconds(2))

  @Boxed var workspace: Workspace
  let logger: Logger
  private let observer: @Sendable (EnvironmentName, LoopNews) -> Void
  let turns: Turns
  let history: HistoryAhead

  public init(
    _ workspace: Workspace, logger: Logger, observer: @escaping @Sendable (EnvironmentName, LoopNews) -> Void
  ) {
    _workspace = Boxed(wrappedValue: workspace)
    self.logger = logger
    self.observer = observer
    turns = Turns(Self.atOnce, longest: Self.turn, time: workspace.time)
    history = HistoryAhead(workspace.indexer)
  }

  /// Watches until the task is cancelled.
  public func run() async throws {
    OpenFiles.allowMany()
    let lock = try WatcherLock(in: workspace.state)
    defer { withExtendedLifetime(lock) {} }
    let desk = try NotificationDesk(workspace, logger: logger)
    await desk.begin()
    // What can't be opened is told of where it is watched; a probe says that not all is there.
    let watched = workspace.configuration.repositories.keys.sorted().compactMap(load)
    if watched.count == workspace.configuration.repositories.count, watched.allSatisfy(\.isReadable) {
      pulse.becomeReady()
    }
    await withTaskGroup { group in
      for one in watched {
        group.addTask { await watch(one, telling: desk) }
      }
      group.addTask { await desk.run() }
      group.addTask { await workspace.spare.run(workspace.time) }
      group.addTask { await tidy(watched.map(\.repository)) }
      group.addTask { await history.run(workspace.time, logger: logger) }
    }
    try await workspace.journal.checkpoint()
  }

  /// Fetches and reconciles everything once.
  ///
  /// - Returns: What could not be done.
  public func runOnce() async throws -> [Fault] {
    let lock = try WatcherLock(in: workspace.state)
    defer { withExtendedLifetime(lock) {} }
    let desk = try NotificationDesk(workspace, logger: logger)
    await desk.begin()
    let faults = await withTaskGroup(of: [Fault].self) { group in
      for name in workspace.configuration.repositories.keys.sorted() {
        group.addTask { await once(name) }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    // What can't be delivered is in the log, and is no failure of the round.
    await desk.deliverOnce()
    return faults
  }

  private func once(_ name: String) async -> [Fault] {
    do {
      let repository = try workspace.repository(name)
      let environments = try workspace.environments(of: name)
      var faults: [Fault] = []
      do {
        try await workspace.fetch(repository, for: environments)
      } catch let fault as Fault {
        faults.append(fault)
        // There is nothing to go on with, and the fault says all that there is to say.
        guard repository.wasFetched else { return faults }
      }
      await withTaskGroup(of: [Fault].self) { group in
        for environment in environments { group.addTask { await reconcileAndLook(environment) } }
        for await more in group { faults += more.filter { !faults.contains($0) } }
      }
      if workspace.configuration.journal.push {
        try await JournalPublisher(repository: repository, environments: environments).publish()
      }
      return faults
    } catch {
      return [error as? Fault ?? Fault(.unexpected, "\(error)", at: name)]
    }
  }

  private func reconcileAndLook(_ environment: EnvironmentContext) async -> [Fault] {
    do {
      let observer = self.observer
      return try await Seat.during(environment, { observer(environment.name, $0) }) {
        let faults = await reconcile(loop(environment))
        await DriftWatch(
          context: environment, loop: loop(environment), logger: logger, turns: turns, recorded: {}
        ).scan()
        return faults
      }
    } catch is CancellationError {
      return []
    } catch {
      return [error as? Fault ?? Fault(.unexpected, "\(error)", at: environment.name.string)]
    }
  }

  func loop(_ environment: EnvironmentContext) -> EnvironmentLoop {
    let observer = self.observer
    return EnvironmentLoop(environment) { observer(environment.configuration.name, $0) }
  }

  private func reconcile(_ loop: EnvironmentLoop) async -> [Fault] {
    await turns.take { await readBranch(loop) }
  }

  private func readBranch(_ loop: EnvironmentLoop) async -> [Fault] {
    do {
      let report = try await loop.readBranch(waitingAtMost: Self.patience)
      if !report.events.isEmpty { loop.context.giveMemoryBack() }
      try history.note(loop.context, newest: report.state.newest?.number)
      return report.refusals
    } catch is CancellationError {
      return []
    } catch {
      return [error as? Fault ?? Fault(.unexpected, "\(error)", at: loop.context.name.string)]
    }
  }

  // MARK: Watching

  /// A repository with its environments.
  private struct Watched: Sendable {
    let repository: TrackedRepository
    let environments: [EnvironmentContext]

    /// Whether every journal can be read.
    var isReadable: Bool {
      do {
        for environment in environments { _ = try environment.head() }
        return true
      } catch { return false }
    }
  }

  private func load(_ name: String) -> Watched? {
    do {
      return Watched(
        repository: try workspace.repository(name), environments: try workspace.environments(of: name))
    } catch {
      logger.error("repository not watched", metadata: ["repository": "\(name)", "error": "\(error)"])
      return nil
    }
  }

  private func watch(_ watched: Watched, telling desk: NotificationDesk) async {
    let (repository, environments) = (watched.repository, watched.environments)
    let wakes = environments.map { _ in Wake() }
    let publish = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let news = NewsOfEnvironments()
    await withTaskGroup { group in
      group.addTask {
        await poll(repository, environments) { for wake in wakes { wake.signal() } }
      }
      for (environment, wake) in zip(environments, wakes) {
        group.addTask {
          await serve(environment, wake) {
            news.note(environment.name)
            publish.continuation.yield()
            desk.signal(environment.name)
          }
        }
      }
      if workspace.configuration.journal.push {
        group.addTask { await self.publish(repository, environments, news, publish.stream) }
      }
    }
  }

  /// Asks the remote every `poll` give or take a tenth; when it fails, less and less often, at most 16 times slower.
  private func poll(
    _ repository: TrackedRepository, _ environments: [EnvironmentContext], _ signal: @Sendable () -> Void
  ) async {
    var failures = 0
    let loop = "polling \(repository.name)"
    defer { pulse.end(loop) }
    while !Task.isCancelled {
      pulse.beat(loop, within: repository.configuration.timeout * 2 + Self.leeway)
      do {
        try await workspace.fetch(repository, for: environments)
        if failures > 0 { logger.notice("remote is back", metadata: ["repository": "\(repository.name)"]) }
        failures = 0
      } catch is CancellationError {
        return
      } catch {
        failures += 1
        logger.warning(
          "fetch failed",
          metadata: ["repository": "\(repository.name)", "error": "\(error)", "failures": "\(failures)"])
      }
      if repository.wasFetched { signal() }
      let delay = repository.configuration.poll * (1 << min(failures, 4)) * Double.random(in: 0.9...1.1)
      pulse.beat(loop, within: delay + Self.leeway)
      do { try await workspace.time.sleep(delay) } catch { return }
    }
  }

  func follow(
    _ environment: EnvironmentContext, _ signals: AsyncStream<Void>, _ publish: @Sendable () -> Void
  ) async {
    let loop = loop(environment)
    var said: [Fault] = []
    var rest: Rest?
    for await _ in signals {
      if rest?.isStill(environment) ?? false { continue }
      let before = Rest(of: environment)
      let faults = await reconcile(loop)
      rest = faults.isEmpty && before?.isStill(environment) ?? false ? before : nil
      for fault in faults where !said.contains(fault) {
        logger.warning("\(fault)", metadata: ["environment": "\(environment.name)"])
      }
      said = faults
      publish()
    }
  }

  private func publish(
    _ repository: TrackedRepository, _ environments: [EnvironmentContext], _ news: NewsOfEnvironments,
    _ signals: AsyncStream<Void>
  ) async {
    var said: String?
    for await _ in signals {
      let began = ContinuousClock.now
      let names = news.take()
      let concerned = names.map { names in environments.filter { names.contains($0.name) } } ?? environments
      let publisher = JournalPublisher(repository: repository, environments: concerned)
      do {
        // What a push read to know what the remote lacks is needed by the next one only.
        if let united = try await publisher.publish() {
          environments.first?.giveMemoryBack()
          for name in united { news.note(name) }
        }
        said = nil
      } catch is CancellationError {
        return
      } catch {
        news.again()
        if said != "\(error)" {
          logger.warning(
            "journal not pushed yet", metadata: ["repository": "\(repository.name)", "error": "\(error)"])
        }
        said = "\(error)"
      }
      do { try await Task.sleep(for: Self.breath(after: began.duration(to: .now))) } catch { return }
    }
  }

  /// How long to wait before all journals are gone through again: where there are a thousand, that would be all that is
  /// done while they grow.
  static func breath(after pass: Duration) -> Duration { min(pass * 4, .milliseconds(500)) }
}

/// At most one watcher works on a state directory.
private final class WatcherLock {
  private let descriptor: Int32

  init(in state: StateDirectory) throws {
    let path = state.lockPath("watcher")
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Fault(.state, "can't open the watcher's lock: \(String(cString: strerror(errno)))", at: path)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Fault(
        .busy, "another watcher works on this state directory", at: state.path,
        remedy: "stop it first, or name another directory with --state")
    }
  }

  deinit { close(descriptor) }
}
