/// An HTTP proxy, which is asked by `CONNECT` where the remote is reached by TLS.
public struct RemoteProxy: Sendable, Hashable {
  public let host: String
  public let port: Int

  /// - Throws: `invalid` for anything else than `http://host:port`.
  public init(_ text: String) throws(RemoteError) {
    let problem = RemoteError(.invalid, "a proxy that isn't http://host:port", remedy: "write it so, without a user")
    let base = text.hasSuffix("/") ? String(text.dropLast()) : text
    let url: RemoteURL
    // A path, for the proxy has none.
    do { url = try RemoteURL(base + "/proxy", allowHTTP: true) } catch { throw problem }
    guard url.scheme == .http, url.path == "/proxy", let port = url.port else { throw problem }
    host = url.host
    self.port = port
  }
}
