import AsyncHTTPClient
import NIOHTTP1

/// Where the first question may be sent on to: another path of the same host, by https. Credentials go nowhere else.
struct HTTPRedirect {
  static let most = 3

  let from: RemoteURL
  let service: SmartService

  /// The repository's new place; `nil` where the answer is no redirect.
  ///
  /// - Throws: `invalid` where it may not be followed, `malformed` where it says nothing.
  func target(of answer: HTTPClientResponse, after count: Int) throws(RemoteError) -> RemoteURL? {
    guard [301, 302, 303, 307, 308].contains(answer.status.code) else { return nil }
    guard count < Self.most else { throw RemoteError(.malformed, "\(from) redirects more than \(Self.most) times") }
    guard let location = answer.headers.first(name: "location") else {
      throw RemoteError(.malformed, "\(from) redirects without saying where to")
    }
    return try target(location)
  }

  func target(_ location: String) throws(RemoteError) -> RemoteURL {
    let question = "/info/refs?service=\(service.rawValue)"
    guard location.utf8.count <= RemoteURL.maximumBytes, location.hasSuffix(question) else {
      throw RemoteError(
        .malformed, "\(from) redirects to something that is no repository", remedy: "correct the URL of the repository")
    }
    let base = String(location.dropLast(question.count))
    guard !base.hasPrefix("/") || base.hasPrefix("//") else {
      return try checked(RemoteURL(origin + base, allowHTTP: true))
    }
    do { return try checked(RemoteURL(base, allowHTTP: true)) } catch {
      if error.code == .invalid, error.message.hasPrefix("a redirect") { throw error }
      throw RemoteError(.malformed, "\(from) redirects to something that is no URL of a repository")
    }
  }

  private var origin: String {
    "\(from.scheme.rawValue)://\(from.bracketedHost)\(from.port.map { ":\($0)" } ?? "")"
  }

  private func checked(_ next: RemoteURL) throws(RemoteError) -> RemoteURL {
    guard next.host == from.host, next.effectivePort == from.effectivePort, next.scheme == from.scheme else {
      throw RemoteError(
        .invalid,
        "a redirect from \(name(of: from)) to \(name(of: next)) is not followed, and no credentials were sent there",
        remedy: "if that is the right place, make it the URL of the repository")
    }
    guard next.scheme == .https else {
      throw RemoteError(
        .invalid, "a redirect without TLS is not followed: \(from)", remedy: "make \(next) the URL of the repository")
    }
    return next
  }

  private func name(of url: RemoteURL) -> String {
    "\(url.scheme.rawValue)://\(url.bracketedHost):\(url.effectivePort)"
  }
}
