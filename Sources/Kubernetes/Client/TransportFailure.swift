import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Says why there was no answer.
enum TransportFailure {
  static func error(_ error: any Error, from server: ServerURL) -> KubernetesError {
    switch error {
    case let error as KubernetesError: error
    case is CancellationError: KubernetesError(.cancelled, "the task was cancelled")
    case let error as HTTPClientError: self.error(error, from: server)
    case let error as NIOConnectionError:
      unreachable(server, error.connectionErrors.first.map { reason($0.error) } ?? "it can't be connected to")
    case let error as NIOSSLExtraError: untrusted(server, reason(error))
    case let error as NIOSSLError: self.error(error, from: server)
    case let error as BoringSSLError: untrusted(server, reason(error))
    default: unreachable(server, reason(error))
    }
  }

  private static func error(_ error: HTTPClientError, from server: ServerURL) -> KubernetesError {
    switch error {
    case .cancelled: KubernetesError(.cancelled, "the task was cancelled")
    case .readTimeout, .writeTimeout, .deadlineExceeded:
      KubernetesError(.timedOut, "\(server) didn't answer in time")
    case .connectTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout, .tlsHandshakeTimeout,
      .getConnectionFromPoolTimeout:
      KubernetesError(.unreachable, "\(server) can't be reached: no connection in time")
    case .proxyAuthenticationRequired:
      KubernetesError(.unreachable, "the proxy before \(server) asks for other credentials")
    case .invalidProxyResponse: KubernetesError(.unreachable, "the proxy before \(server) doesn't lead there")
    case .remoteConnectionClosed: unreachable(server, "it closed the connection")
    default: unreachable(server, error.shortDescription)
    }
  }

  private static func error(_ error: NIOSSLError, from server: ServerURL) -> KubernetesError {
    switch error {
    case .handshakeFailed(let cause): untrusted(server, PlainText.plain("\(cause)", limit: 300))
    case .uncleanShutdown: unreachable(server, "the connection was cut")
    case .unableToValidateCertificate, .noCertificateToValidate:
      untrusted(server, "its certificate can't be validated")
    default: unreachable(server, reason(error))
    }
  }

  private static func untrusted(_ server: ServerURL, _ cause: String) -> KubernetesError {
    let said = cause.uppercased()
    if said.contains("CERTIFICATE_REQUIRED") || said.contains("ALERT_BAD_CERTIFICATE") || said.contains("UNKNOWN_CA") {
      return KubernetesError(
        .unauthorized, "\(server) doesn't take our certificate: \(cause)", remedy: "see whether it has expired")
    }
    return KubernetesError(
      .untrusted, "\(server) doesn't prove who it is: \(cause)",
      remedy: "name the authority of its certificate with certificate-authority, if it is the right server")
  }

  private static func unreachable(_ server: ServerURL, _ why: String) -> KubernetesError {
    KubernetesError(.unreachable, "\(server) can't be reached: \(why)")
  }

  private static func reason(_ error: any Error) -> String {
    if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
    return PlainText.plain("\(error)", limit: 300)
  }
}
