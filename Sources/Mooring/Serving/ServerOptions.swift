public import MooringModel

/// How a watcher can be reached over HTTP: `server` in `mooring.yaml`.
public struct ServerOptions: Sendable, Hashable {
  /// Certificate and key, PEM files.
  public struct TLS: Sendable, Hashable {
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// API servers that tell of who changed what, in one cluster.
  public struct AuditSource: Sendable, Hashable {
    /// Where the token is that they have to show.
    public var tokenFile: String
    /// The cluster: any environment's in it.
    public var cluster: KubernetesTargetOptions

    public init(tokenFile: String, cluster: KubernetesTargetOptions) {
      self.tokenFile = tokenFile
      self.cluster = cluster
    }
  }

  public var listen: ListenAddress
  public var tls: TLS?
  public var audit: [AuditSource]

  public init(listen: ListenAddress = .standard, tls: TLS? = nil, audit: [AuditSource] = []) {
    self.listen = listen
    self.tls = tls
    self.audit = audit
  }
}
