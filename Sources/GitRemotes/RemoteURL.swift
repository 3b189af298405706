/// Where a remote is: an allow-listed scheme, and nothing in it that could be read as an option, a command or a secret.
///
/// Sources: gitremote-helpers and git-clone, "GIT URLS"; RFC 3986 for the parts of a URL.
public struct RemoteURL: Sendable, Hashable, CustomStringConvertible {
  public enum Scheme: String, Sendable, Hashable {
    case https, http, ssh
    /// A path on this machine, or `file://`.
    case local
  }

  /// The longest that is read, in bytes.
  public static let maximumBytes = 4096

  public let scheme: Scheme
  /// The user of `ssh://user@host`; never a password's.
  public let user: String?
  /// A name or an address, in lower case, without the brackets of an IPv6 address; empty where local.
  public let host: String
  /// As written; `nil` for the scheme's own.
  public let port: Int?
  /// Of `https` and `http` from its `/`, percent-encoding kept; of `ssh` as the other side reads it; of `local` all.
  public let path: String

  /// Reads what stands in a configuration.
  ///
  /// - Parameter allowHTTP: Whether `http://`, which anybody on the way can read and change, is taken.
  /// - Throws: `invalid`. No message repeats what could hold a credential.
  public init(_ text: String, allowHTTP: Bool = false) throws(RemoteError) {
    let parts = try RemoteURLParts(text)
    if parts.scheme == .http, !allowHTTP {
      throw RemoteError(
        .invalid, "http:// can be read and changed by anybody on the way",
        remedy: "use https://, or set `allowHTTP: true` where that is meant")
    }
    (scheme, user, host, port, path) = (parts.scheme, parts.user, parts.host, parts.port, parts.path)
  }

  init(scheme: Scheme, host: String, port: Int?, path: String) {
    (self.scheme, self.user, self.host, self.port, self.path) = (scheme, nil, host, port, path)
  }

  /// Whether it is reached over a network.
  public var isNetwork: Bool { scheme != .local }

  /// Where a connection goes to.
  public var effectivePort: Int {
    switch scheme {
    case .https: port ?? 443
    case .http: port ?? 80
    case .ssh: port ?? 22
    case .local: 0
    }
  }

  /// `host` as it stands in a URL.
  var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

  public var description: String {
    guard isNetwork else { return path }
    let user = user.map { "\($0)@" } ?? ""
    let slash = path.hasPrefix("/") ? "" : "/"
    return "\(scheme.rawValue)://\(user)\(bracketedHost)\(port.map { ":\($0)" } ?? "")\(slash)\(path)"
  }
}
