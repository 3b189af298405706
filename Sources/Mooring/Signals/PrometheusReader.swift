import Documents
import FoundationEssentials
import GitRemotes

/// Reads which Prometheus server is asked what.
struct PrometheusReader {
  /// Bytes of a query.
  static let mostBytes = 4096

  /// Makes a path absolute.
  let absolute: (String) -> String

  func read(_ reader: MappingReader) -> PrometheusQuery? {
    let (url, text) = (reader.string("url"), reader.string("query"))
    let token = path("tokenFile", reader)
    let authorities = path("caFile", reader)
    let timeout = reader.optionalDuration("timeout") ?? .seconds(10)
    let allowsHTTP = reader.optionalBool("allowHTTP") ?? false
    let allowsLinkLocal = reader.optionalBool("allowLinkLocal") ?? false
    if timeout < .milliseconds(100) || timeout > .seconds(60) {
      reader.report("should be from 100ms to 60s", key: "timeout")
    }
    guard let url, let text else { return nil }
    if text.allSatisfy(\.isWhitespace) || text.utf8.count > Self.mostBytes {
      reader.report("should be a query of at most \(Self.mostBytes) bytes", key: "query")
    }
    if let problem = Self.problem(with: url, hasToken: token != nil, allowsHTTP, allowsLinkLocal) {
      reader.report(problem, key: "url")
    }
    return PrometheusQuery(
      url: url.hasSuffix("/") ? String(url.dropLast()) : url, query: text, tokenFile: token, caFile: authorities,
      timeout: timeout, allowsLinkLocal: allowsLinkLocal)
  }

  private func path(_ key: String, _ reader: MappingReader) -> String? {
    guard let path = reader.optionalString(key) else { return nil }
    if path.isEmpty || path.hasPrefix("~") { reader.report("should be a path, without `~`", key: key) }
    return absolute(path)
  }

  static func problem(with text: String, hasToken: Bool, _ allowsHTTP: Bool, _ allowsLinkLocal: Bool) -> String? {
    guard text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), text.utf8.count <= 2048, !text.contains("?"),
      !text.contains("#"), let url = URL(string: text), let host = url.host, !host.isEmpty,
      ["http", "https"].contains(url.scheme?.lowercased())
    else { return "should be https://host/path or http://host/path, without a query" }
    if url.user != nil || url.password != nil { return "has credentials in it; put them into a `tokenFile`" }
    if hasToken, url.scheme?.lowercased() == "http", !allowsHTTP {
      return "http:// would show the token to anybody on the way; use https://, or set `allowHTTP: true`"
    }
    guard !allowsLinkLocal, let address = HostAddress.literal(host), HostAddress.isForbidden(address) else {
      return nil
    }
    return "is a link-local or metadata address; `allowLinkLocal: true` allows it"
  }
}
