/// How a registry is asked. A registry that has none isn't asked.
public struct RegistryAccess: Sendable, Hashable {
  /// As names of images have it: `ghcr.io`, `registry.example:5000`; `docker.io` is Docker Hub.
  public var host: String
  /// Whether it may be asked without TLS, which anybody on the way can read and change.
  public var allowsHTTP: Bool
  /// A file as `docker login` writes it, which holds the credentials.
  public var credentialsFile: String?
  /// The host that hands out tokens, where it isn't the registry's own.
  public var realm: String?
  /// The authorities that are trusted, PEM, instead of the system's.
  public var caFile: String?

  public init(
    host: String, allowsHTTP: Bool = false, credentialsFile: String? = nil, realm: String? = nil, caFile: String? = nil
  ) {
    self.host = host
    self.allowsHTTP = allowsHTTP
    self.credentialsFile = credentialsFile
    self.realm = realm
    self.caFile = caFile
  }

  /// Docker Hub is called otherwise than it is reached.
  var endpoint: String { host == "docker.io" ? "registry-1.docker.io" : host }
  var tokenHost: String { realm ?? (host == "docker.io" ? "auth.docker.io" : host) }
  var scheme: String { allowsHTTP ? "http" : "https" }
}

/// An image in a registry, by its tag or its digest.
public struct RegistryImage: Sendable, Hashable {
  public var host: String
  public var path: String
  /// A tag, or `sha256:…`.
  public var reference: String

  public init(host: String, path: String, reference: String) {
    self.host = host
    self.path = path
    self.reference = reference
  }
}

/// What a registry says of an image.
public enum RegistryAnswer: Sendable, Hashable {
  /// It is there, and has this digest.
  case found(digest: String)
  case missing
}

/// Why a registry didn't say.
public struct RegistryError: Error, Sendable, Hashable, CustomStringConvertible {
  public var host: String
  public var message: String

  public init(_ host: String, _ message: String) {
    self.host = host
    self.message = message
  }

  public var description: String { "\(host): \(message)" }
}
