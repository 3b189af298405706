/// Something in a journal that doesn't hold.
public struct AuditFinding: Hashable, Sendable, Encodable, CustomStringConvertible {
  public enum Check: String, Hashable, Sendable, Encodable {
    /// Commits that lead from one to the one before.
    case chain
    /// The event in a commit.
    case event
    /// What comes before what.
    case order
    /// What an event refers to.
    case object
    case index, remote, signature, anchor
    /// A line that a union took in.
    case union
  }

  public var check: Check
  /// The journal's commit.
  public var commit: String?
  public var event: Identifier?
  public var kind: String?
  public var time: Timestamp?
  public var problem: String

  public init(_ check: Check, commit: String? = nil, event: Event? = nil, _ problem: String) {
    self.check = check
    self.commit = commit
    self.event = event?.id
    kind = event?.payload.kind
    time = event?.time
    self.problem = problem
  }

  public var description: String {
    let name = [kind, event?.string, time.map { "of \($0)" }].compactMap { $0 }.joined(separator: " ")
    let place = commit.map { "commit \($0.prefix(12))" }
    let site = [name.isEmpty ? nil : name, place].compactMap { $0 }.joined(separator: ", ")
    return site.isEmpty ? problem : "\(site): \(problem)"
  }
}
