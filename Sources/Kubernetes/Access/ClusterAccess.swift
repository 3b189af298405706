import AsyncHTTPClient
import NIOSSL

/// How one cluster is reached: its address, how it proves who it is, and how we do.
public struct ClusterAccess: Sendable {
  enum Trust: Sendable {
    /// The authorities of the machine.
    case system
    case authorities([NIOSSLCertificate])
    /// Whoever answers, where the operator asked for that.
    case anyone
  }

  let server: ServerURL
  var trust = Trust.system
  /// The name that the server's certificate is to have. One for the address that it was reached at is taken too, as
  /// swift-nio-ssl has it.
  var tlsServerName: String?
  var proxy: Proxy?
  var credentials: CredentialPlaces
  /// Where objects go that name no namespace.
  public internal(set) var namespace: String

  /// `https://10.0.0.1:6443`
  public var address: String { server.description }

  init(server: ServerURL, credentials: CredentialPlaces, namespace: String) {
    self.server = server
    self.credentials = credentials
    self.namespace = namespace
  }
}

extension ClusterAccess: CustomStringConvertible, CustomReflectable {
  public var description: String { address }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
