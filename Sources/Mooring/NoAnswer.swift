import AsyncHTTPClient
import GitRemotes
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why a gate that asks over the network got no answer.
struct NoAnswer {
  let host: String
  let limit: Duration

  static func forbidden(_ host: String) -> String {
    "\(host) is a link-local or metadata address; `allowLinkLocal: true` of the gate allows it"
  }

  func reason(_ error: any Error) -> String {
    switch error {
    case is AddressGuard.Refused: Self.forbidden(host)
    case is TimeUp, ChannelError.connectTimeout: late
    case let error as NIOConnectionError: reason(error)
    case let error as HTTPClientError: reason(error)
    case let error as IOError: system(error)
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: "\(host) doesn't prove who it is: \(error)"
    default: "no answer: \(error)"
    }
  }

  private var late: String { "no answer within \(limit)" }

  private func reason(_ error: HTTPClientError) -> String {
    switch error {
    case .connectTimeout, .tlsHandshakeTimeout: late
    case .remoteConnectionClosed: "the connection broke"
    default: "no answer: \(error.shortDescription)"
    }
  }

  private func reason(_ error: NIOConnectionError) -> String {
    guard let first = error.connectionErrors.first?.error else { return "the host \(host) is not known" }
    return reason(first)
  }

  private func system(_ error: IOError) -> String {
    error.errnoCode == ECONNREFUSED ? "the connection was refused" : String(cString: strerror(error.errnoCode))
  }
}

/// What was asked for took longer than it may.
struct TimeUp: Error {}

/// Cancels a body that takes longer than `limit`.
///
/// - Throws: `TimeUp`, or what the body throws.
func within<Value: Sendable>(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask(operation: body)
    group.addTask {
      try await Task.sleep(for: limit)
      throw TimeUp()
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw TimeUp() }
    return value
  }
}
