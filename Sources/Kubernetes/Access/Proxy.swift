import AsyncHTTPClient
import FoundationEssentials

/// A proxy on the way to a cluster: `http://[user:password@]host:port`, or `socks5://host:port`.
struct Proxy: Sendable {
  enum Kind: Sendable { case http, socks5 }

  let kind: Kind
  let host: String
  let port: Int
  private let user: Secret?
  private let password: Secret?

  /// `nil` for what isn't understood.
  init?(_ text: String) {
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else { return nil }
    switch parts.scheme?.lowercased() {
    case "http":
      kind = .http
      port = parts.port ?? 80
    case "socks5", "socks5h":
      // Credentials of SOCKS aren't supported.
      guard parts.user == nil else { return nil }
      kind = .socks5
      port = parts.port ?? 1080
    default: return nil
    }
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    user = parts.user.map(Secret.init)
    password = parts.password.map(Secret.init)
  }

  var configuration: HTTPClient.Configuration.Proxy {
    switch kind {
    case .socks5: return .socksServer(host: host, port: port)
    case .http:
      guard let user else { return .server(host: host, port: port) }
      return .server(
        host: host, port: port, authorization: .basic(username: user.text, password: password?.text ?? ""))
    }
  }
}
