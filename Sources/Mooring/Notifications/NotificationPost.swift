import AsyncHTTPClient
import GitRemotes
import MooringModel
import NIOCore
import NIOHTTP1

/// Posts JSON to a URL. What it says of an answer has neither the URL nor the answer's words in it: both may be secret.
struct NotificationPost {
  /// Bytes of an answer that are looked at.
  static let answerBytes = 4096
  /// The longest that the other side can put us off.
  static let longestWait = Duration.seconds(3600)

  let way: NotificationChannel.HTTPWay

  /// - Parameter word: What is said of an answer beside its status.
  func send(
    _ body: [UInt8], to url: String, _ headers: [(String, String)] = [],
    word: @Sendable ([UInt8]) -> String? = { _ in nil }
  ) async throws -> DeliveryOutcome {
    if let problem = NotificationURL.problem(with: url, way) { return .failed("the URL \(problem)") }
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers = HTTPHeaders([("content-type", "application/json"), ("user-agent", "mooring")] + headers)
    request.body = .bytes(ByteBuffer(bytes: body))
    do {
      let answer = try await answer(to: request)
      return outcome(of: answer, word(answer.body))
    } catch let fault as Fault {
      return .failed(fault.description)
    } catch {
      try Task.checkCancellation()
      return .failed(reason(error, host: NotificationURL.host(of: url)))
    }
  }

  private func answer(to request: HTTPClientRequest) async throws -> HTTPAnswer {
    let tls = try TrustedAuthorities.configuration(way.caFile)
    return try await within(way.timeout) { [way] in
      try await HTTPAnswer.of(
        request, tls: tls, connectingWithin: way.timeout, bodyBytes: Self.answerBytes,
        allowsLinkLocal: way.allowsLinkLocal)
    }
  }

  private func outcome(of answer: HTTPAnswer, _ word: String?) -> DeliveryOutcome {
    let said = "it answered \(answer.status)" + (word.map { ": \($0)" } ?? "")
    switch answer.status {
    case 200..<300: return .delivered
    case 300..<400: return .failed("\(said), and redirects are not followed")
    case 400, 413, 422: return .refused(said)
    default: return .failed(said, after: wait(answer.headers.first(name: "retry-after")))
    }
  }

  /// Seconds; a date (RFC 9110, 10.2.3, has both) leaves it to our own waiting.
  private func wait(_ text: String?) -> Duration? {
    text.flatMap { Int($0) }.map { min(.seconds(max(0, $0)), Self.longestWait) }
  }

  private func reason(_ error: any Error, host: String) -> String {
    if error is AddressGuard.Refused { return NotificationURL.forbidden(host) }
    return NoAnswer(host: host, limit: way.timeout).reason(error)
  }
}
