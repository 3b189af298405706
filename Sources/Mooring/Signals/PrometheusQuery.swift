/// A query, and the server that is asked.
public struct PrometheusQuery: Sendable, Hashable {
  /// Up to the path that `/api/v1/` follows.
  public var url: String
  public var query: String
  /// A file whose first line is sent as a bearer token.
  public var tokenFile: String?
  /// Authorities that the server's certificate is from, in PEM, instead of the machine's.
  public var caFile: String?
  public var timeout: Duration
  public var allowsLinkLocal: Bool

  public init(
    url: String, query: String, tokenFile: String? = nil, caFile: String? = nil, timeout: Duration = .seconds(10),
    allowsLinkLocal: Bool = false
  ) {
    self.url = url
    self.query = query
    self.tokenFile = tokenFile
    self.caFile = caFile
    self.timeout = timeout
    self.allowsLinkLocal = allowsLinkLocal
  }
}
