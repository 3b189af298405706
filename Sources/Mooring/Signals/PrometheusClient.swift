import AsyncHTTPClient
import FoundationEssentials
import GitRemotes
import MooringModel
import NIOCore
import NIOHTTP1

/// Asks a Prometheus server by its HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/
///
/// What goes wrong is said without the token, and without more of the server's words than a line.
struct PrometheusClient {
  static let answerBytes = 4 << 20
  static let tokenBytes = 8 << 10

  let query: PrometheusQuery

  /// A query's values in a time.
  func values(in window: Window, every step: Duration) async throws -> [SignalSample] {
    let body = try await ask(
      "query_range",
      [
        ("start", Self.seconds(window.since)), ("end", Self.seconds(window.until)),
        ("step", Self.text(max(1, Int64(step / .milliseconds(1))))),
      ])
    return try PrometheusAnswer(body).values()
  }

  /// A query's value now; `nil` where it gives none.
  func value() async throws -> Double? { try PrometheusAnswer(await ask("query", [])).value() }

  private func ask(_ end: String, _ more: [(String, String)]) async throws -> [UInt8] {
    guard let host = URL(string: query.url)?.host else { throw fault("not a URL") }
    if !query.allowsLinkLocal, let address = HostAddress.literal(host), HostAddress.isForbidden(address) {
      throw fault("\(host) is a link-local or metadata address; `allowLinkLocal: true` allows it")
    }
    let request = try request(end, [("query", query.query)] + more)
    let tls = try TrustedAuthorities.configuration(query.caFile)
    do {
      let answer = try await within(query.timeout) { [query] in
        try await HTTPAnswer.of(
          request, tls: tls, connectingWithin: query.timeout, bodyBytes: Self.answerBytes,
          allowsLinkLocal: query.allowsLinkLocal)
      }
      return try checked(answer)
    } catch let fault as Fault {
      throw fault
    } catch {
      try Task.checkCancellation()
      throw fault(
        error is AddressGuard.Refused
          ? "\(host) is a link-local or metadata address; `allowLinkLocal: true` allows it"
          : NoAnswer(host: host, limit: query.timeout).reason(error))
    }
  }

  private func request(_ end: String, _ fields: [(String, String)]) throws -> HTTPClientRequest {
    var request = HTTPClientRequest(url: "\(query.url)/api/v1/\(end)")
    request.method = .POST
    request.headers = [
      "user-agent": "mooring", "content-type": "application/x-www-form-urlencoded", "accept": "application/json",
    ]
    if let token = try token() { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    request.body = .bytes(
      ByteBuffer(string: fields.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")))
    return request
  }

  private func checked(_ answer: HTTPAnswer) throws -> [UInt8] {
    if answer.isCut { throw fault("its answer is longer than \(Self.answerBytes) bytes") }
    switch answer.status {
    case 200: return answer.body
    case 300..<400: throw fault("it answered \(answer.status), and redirects are not followed")
    default:
      let said = PrometheusAnswer.complaint(in: answer.body).map { ": \($0)" } ?? ""
      throw fault("it answered \(answer.status)\(said)")
    }
  }

  private func token() throws -> String? {
    guard let file = query.tokenFile else { return nil }
    guard let bytes = BoundedFile.bytes(at: file, limit: Self.tokenBytes), bytes.count <= Self.tokenBytes else {
      throw Fault(.configuration, "the token can't be read", at: file)
    }
    let token = String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
    guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw Fault(.configuration, "the file's first line is no token", at: file)
    }
    return token
  }

  private func fault(_ what: String) -> Fault { Fault(.gate, what, at: "Prometheus at \(query.url)") }

  // MARK: Text

  /// Seconds since 1970, to the millisecond.
  private static func seconds(_ time: Timestamp) -> String { text(time.milliseconds) }

  private static func text(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
  }

  /// For a form: everything but letters, digits and `-._~` by its bytes (RFC 3986, 2.3).
  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }
}
