public import GitRemotes

/// What the child process is asked to do with a remote; a line of JSON on its standard input. It holds no secret: a token
/// that the child can't read for itself is a line of its own after it.
public struct TransferRequest: Codable, Sendable, Hashable {
  public enum Kind: String, Codable, Sendable { case fetch, push }

  public struct Update: Codable, Sendable, Hashable {
    /// A full object id.
    public var commit: String
    public var reference: String
    /// What the remote's reference must be; `nil` where it must not exist.
    public var expecting: String?

    public init(commit: String, reference: String, expecting: String?) {
      self.commit = commit
      self.reference = reference
      self.expecting = expecting
    }
  }

  public var kind: Kind
  /// The bare repository on this machine.
  public var repository: String
  public var url: String
  public var access: RemoteAccess
  public var refspecs: [String]
  public var updates: [Update]

  public init(
    kind: Kind, repository: String, url: String, access: RemoteAccess = RemoteAccess(), refspecs: [String] = [],
    updates: [Update] = []
  ) {
    self.kind = kind
    self.repository = repository
    self.url = url
    self.access = access
    self.refspecs = refspecs
    self.updates = updates
  }
}

/// What the child process says; a line of JSON each on its standard output. The last one is not `progress`.
public enum TransferReply: Codable, Sendable, Hashable {
  case progress(received: Int, total: Int, bytes: Int)
  case fetched
  /// References that were asked for by name, and that the remote doesn't have.
  case missing([String])
  case pushed([PushResult])
  case failed(String, isRemote: Bool)
}

/// What became of one pushed reference.
public struct PushResult: Codable, Sendable, Hashable {
  public enum Outcome: Codable, Sendable, Hashable {
    case pushed
    /// The remote's reference isn't what was expected.
    case moved
    case refused(String)
  }

  public var reference: String
  public var outcome: Outcome

  public init(reference: String, outcome: Outcome) {
    self.reference = reference
    self.outcome = outcome
  }
}

/// Something that carries transfers out.
public protocol Transfer: Sendable {
  /// - Throws: `Fault`: `.remote`, or `.timeout` when the deadline passed.
  func carryOut(
    _ request: TransferRequest, within limit: Duration, progress: @escaping @Sendable (TransferReply) -> Void
  ) async throws -> TransferReply
}
