import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Says what went wrong with a request, and what to do about it.
struct HTTPFailure: Sendable {
  let url: RemoteURL
  let access: RemoteAccess
  let hasToken: Bool

  // MARK: No answer

  func remoteError(_ error: any Error) -> RemoteError {
    switch error {
    case let error as RemoteError: error
    case let error as HTTPClientError: remoteError(error)
    case let error as NIOConnectionError:
      unreachable(error.connectionErrors.first.map { reason($0.error) } ?? "it can't be connected to")
    case is AddressGuard.Refused: AddressGuard.refusal(of: url)
    case let error as NIOSSLExtraError: untrusted(reason(error))
    case let error as NIOSSLError: remoteError(error)
    case let error as BoringSSLError: untrusted(PlainText.plain("\(error)", limit: 300))
    case is CancellationError: RemoteError(.unreachable, "the conversation with \(place) was cancelled")
    default: unreachable(reason(error))
    }
  }

  private func remoteError(_ error: HTTPClientError) -> RemoteError {
    switch error {
    case .readTimeout, .writeTimeout:
      RemoteError(
        .stalled, "\(place) sent nothing for \(access.stall)",
        remedy: "see what holds it up; `stall` of the repository gives it longer")
    case .connectTimeout, .httpProxyHandshakeTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
      .deadlineExceeded:
      unreachable("no connection in time")
    case .proxyAuthenticationRequired:
      RemoteError(.denied, "the proxy \(access.proxy ?? "") asks for credentials", remedy: "use one that doesn't")
    case .invalidProxyResponse:
      unreachable("the proxy \(access.proxy ?? "") doesn't lead there")
    case .remoteConnectionClosed: unreachable("it closed the connection")
    default: unreachable(error.shortDescription)
    }
  }

  private func remoteError(_ error: NIOSSLError) -> RemoteError {
    switch error {
    case .handshakeFailed(let cause): untrusted(PlainText.plain("\(cause)", limit: 300))
    case .uncleanShutdown: unreachable("the connection was cut")
    case .unableToValidateCertificate, .noCertificateToValidate: untrusted("its certificate can't be validated")
    default: unreachable(reason(error))
    }
  }

  private func untrusted(_ cause: String) -> RemoteError {
    let said = cause.uppercased()
    if said.contains("CERTIFICATE_REQUIRED") || said.contains("ALERT_BAD_CERTIFICATE") || said.contains("UNKNOWN_CA") {
      return RemoteError(
        .denied, "\(place) doesn't take our certificate: \(cause)",
        remedy: "name one that it takes with `clientCertificate` and `clientKey`")
    }
    return RemoteError(
      .untrusted, "\(place) doesn't prove who it is: \(cause)",
      remedy: "name the authority of its certificate with `caFile`, if it is the right host")
  }

  private func unreachable(_ why: String) -> RemoteError {
    RemoteError(.unreachable, "\(place) can't be reached: \(why)")
  }

  private func reason(_ error: any Error) -> String {
    if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
    return PlainText.plain("\(error)", limit: 300)
  }

  private var place: String {
    "\(url.scheme.rawValue)://\(url.bracketedHost)\(url.port.map { ":\($0)" } ?? "")"
  }

  // MARK: An answer that says no

  func remoteError(of answer: HTTPClientResponse) async -> RemoteError {
    let code = answer.status.code
    let said = await text(of: answer)
    let reason = PlainText.plain(answer.status.reasonPhrase, limit: 60)
    let what = "\(url): \(code) \(reason)\(said.map { ": \($0)" } ?? "")"
    switch code {
    case 401 where !hasToken:
      return RemoteError(
        .denied, what, remedy: "it asks who we are: name a token with `tokenFile` or `tokenEnvironment`")
    case 401: return RemoteError(.denied, what, remedy: "see whether the token is still valid, and `username`")
    case 403: return RemoteError(.denied, what, remedy: "see what the token, or whoever it belongs to, may do there")
    case 400 where access.clientCertificate == nil && url.scheme == .https:
      return RemoteError(.denied, what, remedy: "if it asks for a certificate, name one with `clientCertificate`")
    case 404, 410:
      return RemoteError(.notFound, what, remedy: "correct the URL; hosts also say so to those who may not read it")
    case 407: return RemoteError(.denied, what, remedy: "use a proxy that doesn't ask for credentials")
    case 413: return RemoteError(.tooLarge, what, remedy: "let the server take larger requests")
    case 300..<400: return RemoteError(.invalid, "\(what): redirects are followed on the first question only")
    default: return RemoteError(.unreachable, what)
    }
  }

  /// The first line of a plain text; whatever else the answer holds is not for people.
  private func text(of answer: HTTPClientResponse) async -> String? {
    guard answer.headers.first(name: "content-type")?.hasPrefix("text/plain") == true else { return nil }
    do {
      let body = try await answer.body.collect(upTo: 4096)
      let line = String(decoding: body.readableBytesView.prefix { $0 != 10 }, as: UTF8.self)
      let plain = PlainText.plain(line, limit: 200)
      return plain.isEmpty ? nil : plain
    } catch { return nil }
  }
}
