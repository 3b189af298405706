import Git
import Logging
import MooringModel

/// All channels of a configuration, each on its own: one that hangs or fails delays no other.
struct NotificationDesk: Sendable {
  private struct Line: Sendable {
    var sender: NotificationSender
    let news = NewsOfEnvironments()
    var signals: AsyncStream<Void>
    var signal: AsyncStream<Void>.Continuation
  }

  private let lines: [Line]
  private let time: Time

  init(_ workspace: Workspace, logger: Logger) throws {
    time = workspace.time
    let log = NotificationLog(logger: logger)
    lines = try Self.channels(of: workspace.configuration).map { channel in
      let sources = try workspace.environmentNames
        .filter { channel.environments?.contains($0) ?? true }
        .map { try NotificationSender.Source(environment: $0, git: workspace.git(of: $0)) }
      let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
      let sender = NotificationSender(
        channel, sources, delivery: channel.delivery(logger: log, time: workspace.time), state: workspace.state,
        log: log, time: workspace.time)
      return Line(sender: sender, signals: signals, signal: signal)
    }
  }

  /// Those that are configured, and the log where it isn't.
  static func channels(of configuration: Configuration) -> [NotificationChannel] {
    let configured = configuration.notifications
    return configured.contains { $0.means == .log } ? configured : [.log] + configured
  }

  /// Notes where each channel begins, before anything happens that it should be told of.
  func begin() async {
    for line in lines { await line.sender.begin() }
  }

  /// Something may have happened.
  func signal(_ environment: EnvironmentName) {
    for line in lines {
      line.news.note(environment)
      line.signal.yield()
    }
  }

  /// Delivers until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for line in lines { group.addTask { await run(line) } }
    }
  }

  /// Tries once to deliver what is due.
  func deliverOnce() async {
    await withDiscardingTaskGroup { group in
      for line in lines { group.addTask { _ = await line.sender.pass(line.news) } }
    }
  }

  private func run(_ line: Line) async {
    line.signal.yield()
    await withDiscardingTaskGroup { group in
      var alarm: Timestamp?
      for await _ in line.signals {
        let began = ContinuousClock.now
        let due = await line.sender.pass(line.news)
        do { try await Task.sleep(for: Watcher.breath(after: began.duration(to: .now))) } catch { break }
        guard let delay = due else { continue }
        let now = time.now()
        let next = now.advanced(by: delay)
        if let alarm, alarm > now, alarm <= next { continue }
        alarm = next
        group.addTask {
          do { try await time.sleep(delay) } catch { return }
          line.signal.yield()
        }
      }
      group.cancelAll()
    }
  }
}

extension Workspace {
  fileprivate func git(of environment: EnvironmentName) throws -> Repository {
    guard let name = configuration.environments[environment]?.repository else {
      throw Fault(.notFound, "no environment is named \(environment)", at: configuration.path)
    }
    return try repository(name).git
  }
}
