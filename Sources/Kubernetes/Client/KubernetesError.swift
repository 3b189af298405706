/// What went wrong with a cluster, and what to do about it. Nothing in it is a credential, or a credential's place.
public struct KubernetesError: Error, Hashable, Sendable {
  public enum Code: String, Hashable, Sendable {
    /// What was configured can't be used.
    case configuration
    /// The server can't be reached, or the connection broke.
    case unreachable
    /// No answer in time.
    case timedOut
    /// The server doesn't prove to be who it should be.
    case untrusted
    /// The server doesn't know us (401).
    case unauthorized
    /// It knows us, and doesn't let us (403).
    case forbidden
    /// There is no such object, or no such resource (404).
    case notFound
    /// There is one of this name already (409).
    case alreadyExists
    /// Another manager has the fields, or the object isn't the one that was meant any more (409).
    case conflict
    /// The object is wrong (400, 422), or can't be sent.
    case invalid
    /// What was asked for is no longer kept (410).
    case expired
    /// The object, the request or the answer is too large (413).
    case tooLarge
    /// The server has too much to do (429).
    case tooManyRequests
    /// The server failed (5xx).
    case serverFailure
    /// What the server says breaks the rules.
    case malformed
    /// The server hasn't got what is needed.
    case unsupported
    /// The task was cancelled.
    case cancelled
  }

  public var code: Code
  /// What happened, in one clause.
  public var message: String
  /// What a person can do.
  public var remedy: String?
  /// What was asked: `apply Deployment.apps shop/web`.
  public var request: String?
  /// What the server said.
  public var status: Status?
  /// How long the server wants to be left alone.
  public var retryAfter: Duration?

  public init(
    _ code: Code, _ message: String, remedy: String? = nil, request: String? = nil, status: Status? = nil,
    retryAfter: Duration? = nil
  ) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.request = request
    self.status = status
    self.retryAfter = retryAfter
  }
}

extension KubernetesError: CustomStringConvertible {
  /// What was asked, what happened, and what to do.
  public var description: String {
    let what = request.map { "\($0): \(message)" } ?? message
    return remedy.map { "\(what); \($0)" } ?? what
  }
}
