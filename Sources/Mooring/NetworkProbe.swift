import FoundationEssentials
import Foundation
import FoundationNetworking
import Glibc
import MooringModel
import Processes

/// Asks gates for real: runs the command, requests the URL, opens the connection.
struct NetworkProbe: GateProbe {
  /// The largest body of an HTTP answer that is looked at.
  static let bodyBytes = 1 << 20

  let root: String?

  func probe(_ gate: GateConfiguration, within limit: Duration) async throws -> String? {
    switch gate.check {
    case .command(let arguments): try await command(arguments, within: limit)
    case .http(let url, let status, let contains):
      try await http(url, status: status, contains: contains, within: limit, gate)
    case .tcp(let host, let port): try await tcp(host, port, within: limit, gate)
    }
  }

  private func command(_ arguments: [String], within limit: Duration) async throws -> String? {
    let arguments = arguments.map { $0.replacing("{root}", with: root ?? "{root}") }
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
    guard let address = URL(string: url), let host = address.host else { return "not a URL: \(url.debugDescription)" }
    if let refusal = await refusal(of: host, gate) { return refusal }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = limit / .seconds(1)
    configuration.timeoutIntervalForResource = limit / .seconds(1)
    configuration.httpMaximumConnectionsPerHost = 1
    do {
      let answer = try await HTTPAnswer.get(address, configuration, bodyBytes: Self.bodyBytes)
      guard answer.status == status else { return "answered \(answer.status), not \(status)" }
      guard let contains else { return nil }
      let text = String(decoding: answer.body, as: UTF8.self)
      if text.contains(contains) { return nil }
      let part = answer.isCut ? "the first \(Self.bodyBytes) bytes of the answer don't" : "the answer doesn't"
      return "\(part) contain \(contains.debugDescription)"
    } catch {
      try Task.checkCancellation()
      return reason(error, limit)
    }
  }

  private func reason(_ error: any Error, _ limit: Duration) -> String {
    switch (error as? URLError)?.code {
    case .timedOut: "no answer within \(limit)"
    case .cannotConnectToHost: "the connection was refused"
    case .cannotFindHost: "the host is not known"
    case .networkConnectionLost: "the connection broke"
    default: "no answer: \(error.localizedDescription)"
    }
  }

  /// Off the pool: resolving a name blocks.
  private func refusal(of host: String, _ gate: GateConfiguration) async -> String? {
    if gate.allowsLinkLocal { return nil }
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: LinkLocalAddress.refusal(of: host)) }
    }
  }

  private func tcp(
    _ host: String, _ port: Int, within limit: Duration, _ gate: GateConfiguration
  ) async throws -> String? {
    if let refusal = await refusal(of: host, gate) { return refusal }
    let milliseconds = Int32(clamping: Int64(limit / .milliseconds(1)))
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(returning: Connection.problem(host, port, within: milliseconds))
      }
    }
  }
}

/// Opens a TCP connection and closes it.
private enum Connection {
  static func problem(_ host: String, _ port: Int, within milliseconds: Int32) -> String? {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &found)
    guard code == 0, let address = found else { return "can't resolve \(host): \(String(cString: gai_strerror(code)))" }
    defer { freeaddrinfo(found) }
    let descriptor = socket(
      address.pointee.ai_family,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return "no socket: \(String(cString: strerror(errno)))" }
    defer { close(descriptor) }
    if connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 { return nil }
    guard errno == EINPROGRESS else { return String(cString: strerror(errno)) }
    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&poller, 1, milliseconds) == 1 else { return "no connection within \(milliseconds) ms" }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
    return failure == 0 ? nil : String(cString: strerror(failure))
  }
}
