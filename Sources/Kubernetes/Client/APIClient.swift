import AsyncHTTPClient
import Documents
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// A client of one cluster's API. Close it when it is no longer needed.
///
/// Requests that fail without having been done, or that may be done twice, are tried again with pauses; a server that
/// asks for a pause gets it. Redirects are never followed. Errors hold no credentials.
public final class APIClient: Sendable {
  public let settings: ClientSettings
  /// Where objects go that name no namespace.
  public let namespace: String
  /// What the server has.
  public let discovery: Discovery
  let transport: Transport
  let reader: AnswerReader
  let clock: any Clock<Duration>
  private let source: CredentialSource
  private let retries: RetryPolicy
  /// Requests wait here rather than in the pool, where waiting counts as not being able to connect.
  private let turnstile: Turnstile
  private let fraction: @Sendable () -> Double

  /// - Parameters:
  ///   - clock: Pauses are slept by it.
  ///   - fraction: Random, from 0 to 1.
  public init(
    _ access: ClusterAccess, settings: ClientSettings, clock: any Clock<Duration> = ContinuousClock(),
    fraction: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
  ) {
    self.settings = settings
    self.clock = clock
    self.fraction = fraction
    namespace = access.namespace
    transport = Transport(access: access, settings: settings)
    source = CredentialSource(access.credentials, clock: clock)
    retries = RetryPolicy(attempts: settings.attempts)
    turnstile = Turnstile(settings.connections)
    reader = AnswerReader(bytes: settings.maximumAnswer)
    discovery = Discovery(clock: clock)
  }

  /// Ends every request and watch.
  public func close() async { await transport.close() }

  /// Asks, and asks again where that makes sense, until there is an answer or an error that stays.
  func ask(_ request: APIRequest) async throws(KubernetesError) -> Node {
    let body = try await persistently(request) { (credentials) throws(KubernetesError) in
      try await self.turnstile.pass { () throws(KubernetesError) in try await self.answer(request, credentials) }
    }
    do { return try reader.root(of: body) } catch { throw Self.named(error, request) }
  }

  /// Opens a watch.
  func open(_ request: APIRequest) async throws(KubernetesError) -> HTTPClientResponse.Body {
    try await persistently(request) { (credentials) throws(KubernetesError) in
      let response = try await self.transport.send(request, credentials, isWatch: true)
      guard response.status.code / 100 == 2 else {
        let body = try await self.body(of: response)
        throw AnswerFailure(request: request, head: response.status, headers: response.headers, body: body).error
      }
      return response.body
    }
  }

  /// Waits before a try that comes after `failures` others.
  public func pause(afterFailures failures: Int) async throws(KubernetesError) {
    try await sleep(RetryPolicy.backoff(attempt: failures, fraction: fraction()))
  }

  /// How long the next watch may run: not all of them end together.
  var watchSeconds: Int64 {
    let spread = settings.watchTimeout * (0.75 + fraction() / 2)
    return max(1, spread.components.seconds)
  }

  func sleep(_ pause: Duration) async throws(KubernetesError) {
    do { try await clock.sleep(for: pause) } catch { throw KubernetesError(.cancelled, "the task was cancelled") }
  }

  private func persistently<Answer: Sendable>(
    _ request: APIRequest, _ ask: (Credentials) async throws(KubernetesError) -> Answer
  ) async throws(KubernetesError) -> Answer {
    var (attempt, isRenewed) = (0, false)
    while true {
      attempt += 1
      let credentials = try await source.current()
      let failure: KubernetesError
      do { return try await ask(credentials) } catch { failure = Self.named(error, request) }
      if failure.code == .unauthorized, !isRenewed, try await source.renew(after: credentials) {
        isRenewed = true
        continue
      }
      let pause = retries.pause(
        after: failure, attempt: attempt, isRepeatable: request.isRepeatable, fraction: fraction())
      guard let pause else { throw failure }
      try await sleep(pause)
    }
  }

  private func answer(_ request: APIRequest, _ credentials: Credentials) async throws(KubernetesError) -> [UInt8] {
    let response = try await transport.send(request, credentials)
    let body = try await body(of: response)
    guard response.status.code / 100 == 2 else {
      throw AnswerFailure(request: request, head: response.status, headers: response.headers, body: body).error
    }
    return body
  }

  private func body(of response: HTTPClientResponse) async throws(KubernetesError) -> [UInt8] {
    var body: [UInt8] = []
    if let length = response.headers.first(name: "content-length").flatMap({ Int($0) }) {
      body.reserveCapacity(min(max(length, 0), settings.maximumAnswer))
    }
    let start = ContinuousClock.now
    do {
      for try await part in response.body {
        // Each part may come in time, and the whole never.
        guard start.duration(to: .now) <= settings.requestTimeout else {
          throw KubernetesError(.timedOut, "the answer took longer than \(settings.requestTimeout)")
        }
        guard body.count + part.readableBytes <= settings.maximumAnswer else {
          throw KubernetesError(.tooLarge, "the answer has more than \(settings.maximumAnswer) bytes")
        }
        body.append(contentsOf: part.readableBytesView)
      }
    } catch {
      throw transport.failure(error)
    }
    return body
  }

  private static func named(_ error: KubernetesError, _ request: APIRequest) -> KubernetesError {
    var error = error
    if error.request == nil { error.request = request.subject }
    return error
  }
}
