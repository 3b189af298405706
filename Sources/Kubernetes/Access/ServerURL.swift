import FoundationEssentials

/// Where an API server is: scheme, host, port, and the path below which a proxy serves it.
struct ServerURL: Hashable, Sendable {
  let isHTTPS: Bool
  /// Without the brackets of an IPv6 address.
  let host: String
  let port: Int
  /// Without a slash at its end; empty for most.
  let path: String

  /// `nil` for anything but `http` or `https`, and for what has a user, a query or a fragment.
  init?(_ text: String) {
    guard text.utf8.count <= 2_048, let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      scheme == "https" || scheme == "http", parts.user == nil, parts.password == nil, parts.query == nil,
      parts.fragment == nil, let host = parts.host, !host.isEmpty
    else { return nil }
    isHTTPS = scheme == "https"
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    port = parts.port ?? (isHTTPS ? 443 : 80)
    var path = parts.percentEncodedPath
    while path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// `host:port`, as a `Host` header has it.
  var authority: String { "\(Self.bracketed(host)):\(port)" }

  /// The start of a request's URL, where the server is called by another name.
  func base(host: String) -> String {
    "\(isHTTPS ? "https" : "http")://\(Self.bracketed(host)):\(port)\(path)"
  }

  private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

extension ServerURL: CustomStringConvertible {
  var description: String { base(host: host) }
}
