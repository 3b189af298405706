/// A failure that a person can act on: what happened, where, and what to do about it.
///
/// Every error that leaves a module of Mooring's is a `Fault` or can say itself as one; the command line prints it as
/// `mooring: what, where, and what to do`.
public struct Fault: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The class of a failure, for code that decides and for exit codes.
  public enum Code: String, Sendable, Codable, CaseIterable {
    case configuration, repository, remote, timeout, conflict, refusedContent, limit, target, program, gate, journal
    case state, busy, held, notOwner, notFound, usage, interrupted, unexpected
  }

  public var code: Code
  /// What happened, in one clause, without a full stop.
  public var what: String
  /// The file, line, field, object or remote concerned.
  public var place: String?
  /// What a person can do.
  public var remedy: String?

  public init(_ code: Code, _ what: String, at place: String? = nil, remedy: String? = nil) {
    self.code = code
    self.what = what
    self.place = place
    self.remedy = remedy
  }

  public var description: String {
    [place.map { "\($0): \(what)" } ?? what, remedy].compactMap { $0 }.joined(separator: "; ")
  }
}
