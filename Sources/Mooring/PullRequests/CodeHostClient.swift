import AsyncHTTPClient
import Documents
import FoundationEssentials
import GitRemotes
import MooringModel
import NIOCore
import NIOHTTP1

/// Asks the API of a code host: JSON both ways, bounded, within a deadline, never on to another host. No error has the
/// token in it.
struct CodeHostClient: Sendable {
  /// Bytes of an answer that are read, and of what is asked.
  static let answerBytes = 2 << 20
  /// Characters of what a host says in an error.
  static let mostSaid = 300

  let options: PullRequestOptions
  let patience: CodeHostPatience
  let time: Time

  struct Answer {
    var status: Int
    /// `nil` where it has no content.
    var root: Node?

    subscript(path: String...) -> Node? {
      path.reduce(root) { node, key in node?[key] }
    }
  }

  /// - Parameter path: Below the API's address, percent-encoded; or a whole address on the same host.
  /// - Throws: `Fault` for whatever is no success.
  func ask(
    _ method: HTTPMethod, _ path: String, _ body: RequestValue? = nil, headers: [(String, String)]
  ) async throws -> Answer {
    try patience.check(options.api, at: time.now())
    var request = HTTPClientRequest(url: path.contains("://") ? path : options.api + path)
    request.method = method
    let token = try readToken()
    request.headers = HTTPHeaders([("user-agent", "mooring"), ("accept", "application/json")])
    for (name, value) in headers {
      request.headers.replaceOrAdd(name: name, value: value.replacing("{token}", with: token))
    }
    if let body {
      request.headers.add(name: "content-type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
    }
    let answer = try await send(request)
    return try judge(answer, token: token)
  }

  private func readToken() throws -> String {
    do throws(RemoteError) {
      return try options.token.read(environment: ProcessInfo.processInfo.environment).withText { $0 }
    } catch {
      throw Fault(.configuration, error.description, at: place)
    }
  }

  private func send(_ request: HTTPClientRequest) async throws -> HTTPAnswer {
    let way = options.way
    if let problem = NotificationURL.problem(with: options.api, way) {
      throw Fault(.configuration, "the API's address \(problem)", at: place)
    }
    do {
      let tls = try TrustedAuthorities.configuration(way.caFile)
      return try await within(way.timeout) {
        try await HTTPAnswer.of(
          request, tls: tls, connectingWithin: way.timeout, bodyBytes: Self.answerBytes,
          allowsLinkLocal: way.allowsLinkLocal)
      }
    } catch let fault as Fault {
      throw fault
    } catch {
      try Task.checkCancellation()
      let host = NotificationURL.host(of: options.api)
      let reason =
        error is AddressGuard.Refused
        ? NotificationURL.forbidden(host) : NoAnswer(host: host, limit: way.timeout).reason(error)
      throw Fault(.remote, reason, at: place, remedy: "it is asked again with the next poll")
    }
  }

  // MARK: What it answered

  private func judge(_ answer: HTTPAnswer, token: String) throws -> Answer {
    if answer.isCut {
      throw Fault(.limit, "an answer of more than \(Self.answerBytes) bytes", at: place)
    }
    let root = try read(answer)
    guard (200..<300).contains(answer.status) else {
      throw fault(answer, said(root, token: token))
    }
    return Answer(status: answer.status, root: root)
  }

  /// An error may be a page of HTML; what succeeded has to be JSON.
  private func read(_ answer: HTTPAnswer) throws -> Node? {
    if answer.body.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return nil }
    do throws(DocumentError) {
      let limits = Limits(bytes: Self.answerBytes, depth: 60, nodes: 200_000)
      return try Document.parse(answer.body, as: .json, limits: limits).first?.root
    } catch {
      guard (200..<300).contains(answer.status) else { return nil }
      throw Fault(
        .remote, "the host answered something that is not JSON (line \(error.line))", at: place,
        remedy: "see that `api` is the address of its API")
    }
  }

  private func fault(_ answer: HTTPAnswer, _ said: String) -> Fault {
    let what = "the host answered \(answer.status)\(said)"
    if let wait = wait(after: answer) {
      patience.wait(options.api, until: time.now().advanced(by: wait))
      return Fault(.busy, what, at: place, remedy: "it wants to be left alone for \(wait), and is asked again then")
    }
    switch answer.status {
    case 300..<400:
      return Fault(.remote, "\(what), a redirect, which isn't followed", at: place, remedy: "correct `api`")
    case 401: return Fault(.remote, what, at: place, remedy: "it doesn't take the token: see whether it has expired")
    case 403:
      return Fault(
        .remote, what, at: place, remedy: "the token may not do this: give it the right to write pull requests")
    case 404:
      return Fault(.notFound, what, at: place, remedy: "there is no such project, or the token may not see it")
    case 405, 409, 422: return Fault(.conflict, what, at: place)
    default: return Fault(.remote, what, at: place, remedy: "it is asked again with the next poll")
    }
  }

  /// How long it wants to be left alone: by `Retry-After` in seconds (RFC 9110, 10.2.3), or where a quota is used up by
  /// the time at which there is a new one (GitHub: `x-ratelimit-reset`, GitLab: `ratelimit-reset`).
  private func wait(after answer: HTTPAnswer) -> Duration? {
    guard answer.status == 429 || answer.status == 403 || answer.status == 503 else { return nil }
    func number(_ name: String) -> Int? { answer.headers.first(name: name).flatMap { Int($0) } }
    if let seconds = number("retry-after") { return CodeHostPatience.bounded(.seconds(seconds)) }
    guard answer.status == 429 || number("x-ratelimit-remaining") == 0 else { return nil }
    guard let reset = number("x-ratelimit-reset") ?? number("ratelimit-reset") else {
      return answer.status == 429 ? .seconds(60) : nil
    }
    return CodeHostPatience.bounded(.seconds(reset) - .seconds(time.now().seconds))
  }

  /// The host's own words: on one line, bounded, without the token, should it repeat it.
  private func said(_ root: Node?, token: String) -> String {
    let errors = root?["errors"]?.elements.prefix(3).compactMap { $0["message"]?.text ?? $0.scalar?.stringValue } ?? []
    let message = root?["message"].flatMap { $0.kind == .sequence ? $0.elements.first : $0 }?.text
    let words = ([message ?? root?["error"]?.text].compactMap { $0 } + errors).joined(separator: ": ")
    let plain = Notification.plain(words.replacing(token, with: "…"))
    return plain.isEmpty ? "" : ": \(plain.prefix(Self.mostSaid))"
  }

  var place: String { "\(NotificationURL.host(of: options.api)) \(options.project)" }

  /// What is missing in an answer that should have it.
  func malformed(_ what: String) -> Fault {
    Fault(.remote, "the host's answer has no \(what)", at: place, remedy: "see that `provider` and `api` are right")
  }
}

/// What is sent to a host.
indirect enum RequestValue: Encodable, Sendable {
  case text(String)
  case flag(Bool)
  case object([String: RequestValue])

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let text): try text.encode(to: encoder)
    case .flag(let flag): try flag.encode(to: encoder)
    case .object(let object): try object.encode(to: encoder)
    }
  }
}
