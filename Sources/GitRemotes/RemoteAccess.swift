/// How a remote is got into: names of places where secrets are kept, never a secret.
public struct RemoteAccess: Sendable, Hashable, Codable {
  /// How the token is shown to an HTTP server.
  public enum Authorization: String, Sendable, Hashable, Codable, CaseIterable { case basic, bearer }

  /// The user that goes with the token; most hosts take any.
  public var username: String?
  public var token: TokenPlace?
  public var authorization: Authorization?
  /// Certificates of authorities, PEM: they alone are trusted, instead of the system's.
  public var caFile: String?
  /// Our certificate and what leads to its authority, PEM.
  public var clientCertificate: String?
  /// The key of `clientCertificate`, PEM.
  public var clientKey: String?
  /// `http://host:port` of a proxy; nothing of the environment is honoured.
  public var proxy: String?
  public var allowHTTP: Bool
  public var ssh: SSHAccess?
  /// How long the remote may send nothing, in milliseconds.
  public var stallMilliseconds: Int

  public init(
    username: String? = nil, token: TokenPlace? = nil, authorization: Authorization? = nil, caFile: String? = nil,
    clientCertificate: String? = nil, clientKey: String? = nil, proxy: String? = nil, allowHTTP: Bool = false,
    ssh: SSHAccess? = nil, stall: Duration = .seconds(30)
  ) {
    self.username = username
    self.token = token
    self.authorization = authorization
    self.caFile = caFile
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
    self.proxy = proxy
    self.allowHTTP = allowHTTP
    self.ssh = ssh
    stallMilliseconds = max(1, Int(clamping: Int64(stall / .milliseconds(1))))
  }

  public var stall: Duration { .milliseconds(stallMilliseconds) }
}

/// How an SSH server is got into, and known.
public struct SSHAccess: Sendable, Hashable, Codable {
  /// A private key.
  public var key: String?
  /// A file whose first line opens `key`.
  public var passphraseFile: String?
  /// Whether the agent's keys are offered.
  public var agent: Bool
  /// Where the agent listens; `SSH_AUTH_SOCK` of Mooring's environment.
  public var agentSocket: String?
  /// The hosts' keys; `nil` for `~/.ssh/known_hosts`.
  public var knownHosts: String?
  /// Whether `@cert-authority` lines of `knownHosts` vouch for hosts.
  public var certAuthority: Bool

  public init(
    key: String? = nil, passphraseFile: String? = nil, agent: Bool = false, agentSocket: String? = nil,
    knownHosts: String? = nil, certAuthority: Bool = false
  ) {
    self.key = key
    self.passphraseFile = passphraseFile
    self.agent = agent
    self.agentSocket = agentSocket
    self.knownHosts = knownHosts
    self.certAuthority = certAuthority
  }
}
