import FoundationEssentials
import GitRemotes
import MooringModel
import NIOCore
import NIOPosix
import Processes

/// Asks gates for real: runs the command, requests the URL, opens the connection.
struct NetworkProbe: GateProbe {
  /// The largest body of an HTTP answer that is looked at.
  static let bodyBytes = 1 << 20

  let root: String?
  /// Hears when commands ran.
  var programs: ProgramTimes?
  /// Asks the target how what it runs is.
  var health: @Sendable () async throws -> TargetHealth = { .healthy }

  func probe(_ gate: GateConfiguration, within limit: Duration) async throws -> String? {
    switch gate.check {
    case .command(let arguments): try await command(arguments, within: limit)
    case .http(let url, let status, let contains):
      try await http(url, status: status, contains: contains, within: limit, gate)
    case .tcp(let host, let port): try await tcp(host, port, within: limit, gate)
    case .prometheus(let query, let above, let below):
      try await prometheus(query, above: above, below: below, within: limit)
    case .readiness: try await readiness(within: limit)
    }
  }

  private func readiness(within limit: Duration) async throws -> String? {
    do {
      return switch try await Mooring.within(limit, health) {
      case .healthy: nil
      case .progressing(let reason), .degraded(let reason): reason
      }
    } catch let fault as Fault {
      return fault.description
    } catch {
      try Task.checkCancellation()
      return "not known within \(limit)"
    }
  }

  private func command(_ arguments: [String], within limit: Duration) async throws -> String? {
    let arguments = arguments.map { $0.replacing("{root}", with: root ?? "{root}") }
    let began = programs?.now
    defer { if let began { programs?.add(since: began) } }
    do {
      let outcome = try await run(
        Program(arguments, timeLimit: limit))
      if outcome.succeeded { return nil }
      let said = outcome.output.suffix(500)
      return "\(arguments[0]): \(outcome.termination)\(said.isEmpty ? "" : ": \(said)")"
    } catch let error as ProgramError {
      return "\(error)"
    }
  }

  private func http(
    _ url: String, status: Int, contains: String?, within limit: Duration, _ gate: GateConfiguration
  ) async throws -> String? {
    guard let host = URL(string: url)?.host else { return "not a URL: \(url.debugDescription)" }
    if let refusal = refusal(of: host, gate) { return refusal }
    do {
      let answer = try await Mooring.within(limit) {
        try await HTTPAnswer.get(
          url, connectingWithin: limit, bodyBytes: Self.bodyBytes, allowsLinkLocal: gate.allowsLinkLocal)
      }
      guard answer.status == status else { return "answered \(answer.status), not \(status)" }
      guard let contains else { return nil }
      let text = String(decoding: answer.body, as: UTF8.self)
      if text.contains(contains) { return nil }
      let part = answer.isCut ? "the first \(Self.bodyBytes) bytes of the answer don't" : "the answer doesn't"
      return "\(part) contain \(contains.debugDescription)"
    } catch {
      try Task.checkCancellation()
      return NoAnswer(host: host, limit: limit).reason(error)
    }
  }

  private func prometheus(
    _ query: PrometheusQuery, above: Double?, below: Double?, within limit: Duration
  ) async throws -> String? {
    var query = query
    query.timeout = min(query.timeout, limit)
    do {
      guard let value = try await PrometheusClient(query: query).value() else { return "the query gives no value" }
      if let below, value >= below { return "\(value) is not below \(below)" }
      if let above, value <= above { return "\(value) is not above \(above)" }
      return nil
    } catch let fault as Fault {
      return fault.description
    }
  }

  private func tcp(
    _ host: String, _ port: Int, within limit: Duration, _ gate: GateConfiguration
  ) async throws -> String? {
    if let refusal = refusal(of: host, gate) { return refusal }
    let connecting = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connectTimeout(TimeAmount(limit))
      .connect(host: host, port: port)
    do {
      let connection = try await connecting.get()
      if !gate.allowsLinkLocal { try await AddressGuard.look(at: connection).get() }
      try? await connection.close()
      return nil
    } catch {
      try Task.checkCancellation()
      return NoAnswer(host: host, limit: limit).reason(error)
    }
  }

  /// Of an address; a name is judged where it leads.
  private func refusal(of host: String, _ gate: GateConfiguration) -> String? {
    guard !gate.allowsLinkLocal, let address = HostAddress.literal(host) else { return nil }
    return HostAddress.isForbidden(address) ? NoAnswer.forbidden(host) : nil
  }
}
