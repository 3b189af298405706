/// What went wrong with a remote, and what to do about it.
public struct RemoteError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable, Codable {
    /// It can't be reached, or the connection broke.
    case unreachable
    /// It sent less than the least that a living connection sends, or nothing.
    case stalled
    /// It doesn't prove to be who it should be: host key, certificate.
    case untrusted
    /// It doesn't let us in.
    case denied
    /// There is no such repository.
    case notFound
    /// What it says is no Git, or breaks its rules.
    case malformed
    /// It sends more than the limit.
    case tooLarge
    /// What was configured can't be used.
    case invalid
  }

  public var code: Code
  /// What happened, without credentials.
  public var message: String
  /// What a person can do.
  public var remedy: String?

  public init(_ code: Code, _ message: String, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  public var description: String { remedy.map { "\(message); \($0)" } ?? message }
}
