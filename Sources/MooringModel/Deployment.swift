/// Why a deployment was made.
public enum Trigger: Hashable, Sendable {
  /// The branch moved.
  case revision
  /// A person asked for it.
  case asked
  /// It restores an earlier release.
  case rollback(Identifier)
  /// It puts back what somebody changed.
  case heal
  /// A drill goes back to an earlier release.
  case drill(Identifier)
  /// A drill returns to the release that ran before it.
  case drillReturn(Identifier)
}

/// Written as `revision`, `asked`, `heal`, `rollback ID`, `drill ID`, or `return ID`.
extension Trigger: Codable, CustomStringConvertible {
  public var description: String {
    switch self {
    case .revision: "revision"
    case .asked: "asked"
    case .rollback(let id): "rollback \(id)"
    case .heal: "heal"
    case .drill(let id): "drill \(id)"
    case .drillReturn(let id): "return \(id)"
    }
  }

  public init(from decoder: any Decoder) throws {
    let text = try String(from: decoder)
    switch text {
    case "revision": self = .revision
    case "asked": self = .asked
    case "heal": self = .heal
    default:
      self = try Self.announced(text)
    }
  }

  /// One that says what it is a part of.
  private static func announced(_ text: String) throws -> Trigger {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    let id = words.count == 2 ? Identifier(String(words[1])) : nil
    switch (words.first, id) {
    case ("rollback", let id?): return .rollback(id)
    case ("drill", let id?): return .drill(id)
    case ("return", let id?): return .drillReturn(id)
    default: throw Fault(.journal, "not a trigger: \(text.prefix(60).debugDescription)")
    }
  }

  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

/// How a deployment ended.
public enum DeploymentOutcome: String, Hashable, Sendable, Codable {
  /// Carried out, and all gates held.
  case verified
  /// A step or a gate failed.
  case failed
  /// A newer revision or a person's command took over while gates were waiting.
  case superseded
  /// The program stopped in the middle, and production was found on the earlier release.
  case interrupted
}

/// What a deployment is about to do; written before it does it.
public struct DeploymentStarted: Hashable, Sendable, Codable {
  public var deployment: Identifier
  public var trigger: Trigger
  public var release: ReleaseReference
  public var from: ReleaseDigest?
  public var added: Int
  public var changed: Int
  public var removed: Int
  public var steps: [Step.Kind]
  /// The drifts that it puts back; `nil` where that isn't what it is for.
  public var drifts: [Identifier]?
  /// Of objects of which only some fields are put back: which.
  public var fields: [ObjectName: [String]]?

  public init(
    deployment: Identifier, trigger: Trigger, release: ReleaseReference, plan: Plan, drifts: [Identifier]? = nil
  ) {
    self.deployment = deployment
    self.trigger = trigger
    self.release = release
    from = plan.from
    added = plan.changes.count { $0.kind == .added }
    changed = plan.changes.count { $0.kind == .changed }
    removed = plan.changes.count { $0.kind == .removed }
    steps = plan.steps.map(\.kind)
    self.drifts = drifts
    fields = plan.restoredFields.isEmpty ? nil : plan.restoredFields
  }
}

/// How a deployment ended, and what production runs now.
public struct DeploymentFinished: Hashable, Sendable, Codable {
  public var deployment: Identifier
  public var outcome: DeploymentOutcome
  /// What production runs after it.
  public var live: ReleaseDigest?
  public var detail: String?
  /// When the operator's programs ran for it: what they wrote is no drift. `nil` where there were none.
  public var programs: [Window]?
  /// When production had been switched over, before any gate was asked. `nil` where it wasn't, where nobody knows, and in
  /// journals of before.
  public var reached: Timestamp?

  public init(
    deployment: Identifier, outcome: DeploymentOutcome, live: ReleaseDigest?, detail: String? = nil,
    programs: [Window]? = nil, reached: Timestamp? = nil
  ) {
    self.reached = reached
    self.deployment = deployment
    self.outcome = outcome
    self.live = live
    self.detail = detail
    self.programs = programs
  }
}

/// A release as a deployment names it: `number` is `nil` while a revert is owed, because only commits on the remote
/// branch have numbers.
public struct ReleaseReference: Hashable, Sendable, Codable {
  public var number: ReleaseNumber?
  public var revision: Revision
  public var digest: ReleaseDigest
  /// The number of the release whose digest this is, where `number` is `nil`.
  public var restores: ReleaseNumber?

  public init(number: ReleaseNumber?, revision: Revision, digest: ReleaseDigest, restores: ReleaseNumber? = nil) {
    self.number = number
    self.revision = revision
    self.digest = digest
    self.restores = restores
  }

  /// `v41`, `v41 (revert pending)`, or the revision.
  public var label: String {
    if let number { return number.description }
    if let restores { return "\(restores) (revert pending)" }
    return revision.short
  }
}

/// What a gate said.
public struct GateResult: Hashable, Sendable, Codable {
  public var deployment: Identifier
  public var gate: String
  public var passed: Bool
  public var attempts: Int
  public var milliseconds: Int64
  public var detail: String?

  public init(
    deployment: Identifier, gate: String, passed: Bool, attempts: Int, milliseconds: Int64, detail: String? = nil
  ) {
    self.deployment = deployment
    self.gate = gate
    self.passed = passed
    self.attempts = attempts
    self.milliseconds = milliseconds
    self.detail = detail
  }
}
