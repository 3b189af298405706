/// One request, as an API server has recorded it (kubernetes.io, "Auditing": `audit.k8s.io/v1`, Event, at the level
/// `Metadata`).
///
/// What was sent and what was answered is never read: it may hold secrets. Every text is on one line and bounded, and
/// may be anything that a client chose, unless it says otherwise.
public struct AuditEvent: Hashable, Sendable {
  /// Of the request: the same at each of its stages.
  public let id: String
  /// `RequestReceived`, `ResponseStarted`, `ResponseComplete`, `Panic`.
  public let stage: String
  /// `create`, `update`, `patch`, `delete`, `deletecollection`, `get`, …
  public let verb: String
  /// Whom the server knows it to be from.
  public let user: AuditUser
  /// In whose name the user acted.
  public let impersonated: AuditUser?
  /// All but the last may be set by a client; the last one has connected.
  public let addresses: [String]
  public let userAgent: String
  public let object: AuditObject?
  /// Of the answer, as in HTTP.
  public let code: Int?
  /// In RFC 3339, by the server's clock, to the microsecond.
  public let received: String
  /// When the stage was reached.
  public let completed: String
  /// Under which name fields become the client's: what it asked for, or else what its user agent begins with.
  public let fieldManager: String
  /// Whether nothing was to be changed.
  public let isDryRun: Bool
  /// Why it was allowed, in the words of the server: `RBAC: allowed by ClusterRoleBinding "admins"…`.
  public let allowance: String?

  /// Characters of a text that are kept.
  static let textLimit = 256
}

/// Somebody, as the server's authentication says it.
public struct AuditUser: Hashable, Sendable {
  public let name: String
  /// At most ``groupLimit``.
  public let groups: [String]

  public init(name: String, groups: [String] = []) {
    self.name = name
    self.groups = groups
  }

  static let groupLimit = 20
}

/// What a request was about. Any of it may be missing: of a collection, of what isn't a resource.
public struct AuditObject: Hashable, Sendable {
  public let group: String
  /// As it stands in paths: `deployments`.
  public let resource: String
  /// `scale`, `status`, `exec`, …
  public let subresource: String?
  public let namespace: String?
  public let name: String?

  public init(
    group: String = "", resource: String, subresource: String? = nil, namespace: String? = nil, name: String? = nil
  ) {
    self.group = group
    self.resource = resource
    self.subresource = subresource
    self.namespace = namespace
    self.name = name
  }
}
