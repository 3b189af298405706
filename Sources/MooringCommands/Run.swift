import ArgumentParser
import Dispatch
import Glibc
import Logging
import Mooring
import MooringJournal
import MooringModel

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Watch the repositories and keep every environment at what its branch says.",
    discussion: """
      EXAMPLES
        mooring run                      until SIGINT or SIGTERM
        mooring run --once               fetch and reconcile everything once
      """)

  @OptionGroup var shared: SharedOptions

  @Flag(help: "Fetch and reconcile everything once, and end.")
  var once = false

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let logger = Logger(label: "mooring") { StreamLogHandler.standardError(label: $0) }
      let watcher = Watcher(workspace, logger: logger) { environment, news in
        Self.log(news, of: environment, to: logger)
      }
      if once {
        let faults = try await watcher.runOnce()
        for fault in faults { Terminal.complain(fault.description) }
        if !faults.isEmpty { throw ExitCode.failure }
        return
      }
      logger.notice("watching", metadata: ["environments": "\(workspace.environmentNames.map(\.string))"])
      try await untilSignalled { try await Self.run(watcher, workspace.configuration.server, logger) }
      logger.notice("stopped")
    }
  }

  /// Watches, and serves meanwhile where the configuration says so.
  private static func run(_ watcher: Watcher, _ options: ServerOptions?, _ logger: Logger) async throws {
    guard let options, let server = Composition.server else { return try await watcher.run() }
    try await server(options, watcher.pulse, logger) { try await watcher.run() }
  }

  private func untilSignalled(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let (signals, continuation) = AsyncStream<Int32>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    try await withThrowingTaskGroup { group in
      group.addTask { try await body() }
      group.addTask { for await _ in signals { return } }
      try await group.next()
      group.cancelAll()
      do { try await group.waitForAll() } catch is CancellationError {}
    }
  }

  private static func log(_ news: LoopNews, of environment: EnvironmentName, to logger: Logger) {
    let metadata: Logger.Metadata = ["environment": "\(environment)"]
    switch news {
    case .recorded(let event): logger.notice("\(Terminal.plain(EventMessage(event).headline))", metadata: metadata)
    case .alert(let message): logger.warning("\(Terminal.plain(message))", metadata: metadata)
    case .step(let report): logger.debug("\(report.step.rawValue): \(report.summary)", metadata: metadata)
    case .fetching, .received, .waiting: break
    }
  }
}
