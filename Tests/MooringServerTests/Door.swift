import Logging
import Mooring
import MooringModel
import MooringTestSupport
import Processes
import Synchronization

@testable import MooringServer

/// A server on a port of its own, asked by a real client.
final class Door: Sendable {
  static let token = "a token of a test, long enough"

  let folder: TemporaryFolder
  let pulse = WatcherPulse()
  /// What the intake was handed.
  let taken = Mutex<[[UInt8]]>([])
  let missed = Mutex(0)
  let lines = LineCollector()
  private let limits: ServerLimits
  private let tls: ServerOptions.TLS?
  private let hasAudit: Bool

  init(
    audit: Bool = true, tls: ServerOptions.TLS? = nil, _ change: (inout ServerLimits) -> Void = { _ in }
  ) throws {
    folder = try TemporaryFolder("mooring-door")
    try folder.write(Self.token + "\n", to: "token")
    var limits = ServerLimits()
    change(&limits)
    self.limits = limits
    self.tls = tls
    hasAudit = audit
  }

  /// Serves while `body` runs, which is told the port.
  func open(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    guard let listen = ListenAddress("127.0.0.1:0") else { return }
    let cluster = KubernetesTargetOptions(kubeconfig: nil)
    let source = ServerOptions.AuditSource(tokenFile: folder["token"], cluster: cluster)
    let options = ServerOptions(listen: listen, tls: tls, audit: hasAudit ? [source] : [])
    let logger = Logger(label: "door") { [lines] _ in CollectedLog(lines: lines) }
    try await WatcherServer(options, pulse: pulse, audit: intake, logger: logger, limits: limits).run(while: body)
  }

  private var intake: AuditIntake {
    AuditIntake(
      limit: 1 << 16, open: { _ in },
      take: { body, _ throws(Fault) in
        self.taken.withLock { $0.append(body) }
        if body.starts(with: Array("bad".utf8)) { throw Fault(.refusedContent, "not a batch") }
        return nil
      }, miss: { _ in self.missed.withLock { $0 += 1 } }, hear: { _, _ in })
  }

  /// Asks with curl.
  ///
  /// - Returns: The status, a blank, and what was answered: `200 ok`; `000 ` where there was no answer.
  static func curl(_ arguments: String..., input: [UInt8] = []) async throws -> String {
    let lines = LineCollector()
    let program = Program(
      ["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}\n"] + arguments,
      timeLimit: .seconds(30))
    _ = try await run(program, input: input) { lines.append($0) }
    let parts = lines.text.split(separator: "\n").map(String.init)
    return (parts.last ?? "") + " " + parts.dropLast().joined(separator: " ")
  }

  /// Posts to the webhook.
  static func post(_ body: String, to port: Int, token: String? = token, _ more: String...) async throws -> String {
    let header = token.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
    let url = "http://127.0.0.1:\(port)/webhooks/audit"
    let arguments = header + more + ["--data-binary", "@-", url]
    let lines = LineCollector()
    let program = Program(
      ["curl", "--silent", "--max-time", "20", "--output", "/dev/null", "--write-out", "%{http_code}\n"] + arguments,
      timeLimit: .seconds(30))
    _ = try await run(program, input: Array(body.utf8)) { lines.append($0) }
    return lines.text.split(separator: "\n").first.map(String.init) ?? ""
  }
}

private struct CollectedLog: LogHandler {
  let lines: LineCollector
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { lines.append("\(event.message) \(event.metadata ?? [:])") }
}
