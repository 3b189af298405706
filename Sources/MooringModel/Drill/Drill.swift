/// Going back is about to be rehearsed on the real target; written before production is touched.
public struct DrillStarted: Hashable, Sendable, Codable {
  public var drill: Identifier
  /// What production runs, and will run again.
  public var from: ReleaseReference
  /// The earlier release that it goes back to meanwhile.
  public var to: ReleaseReference

  public init(drill: Identifier, from: ReleaseReference, to: ReleaseReference) {
    self.drill = drill
    self.from = from
    self.to = to
  }
}

/// How a drill ended, and whether production is what it was.
public struct DrillFinished: Hashable, Sendable, Codable {
  public var drill: Identifier
  /// `verified` where both releases held all gates, and production had exactly the files or objects of each.
  public var outcome: DeploymentOutcome
  /// Whether production runs again what it ran before.
  public var returned: Bool
  public var detail: String?
  /// From its start to the earlier release, verified: what a rollback would take. `nil` where that didn't come.
  public var milliseconds: Int64?
  /// From there to the present release, verified.
  public var returnMilliseconds: Int64?

  public init(
    drill: Identifier, outcome: DeploymentOutcome, returned: Bool, detail: String? = nil, milliseconds: Int64? = nil,
    returnMilliseconds: Int64? = nil
  ) {
    self.drill = drill
    self.outcome = outcome
    self.returned = returned
    self.detail = detail
    self.milliseconds = milliseconds
    self.returnMilliseconds = returnMilliseconds
  }
}

/// A rehearsal that somebody asks for.
public struct DrillRequest: Hashable, Sendable {
  /// The release to go back to; the verified one before where it is `nil`.
  public var to: ReleaseNumber?
  public var initiator: Initiator

  public init(to: ReleaseNumber? = nil, by initiator: Initiator) {
    self.to = to
    self.initiator = initiator
  }
}

/// A drill that has begun and not ended.
public struct DrillInFlight: Hashable, Sendable, Codable {
  /// How often the way back to the present release is tried.
  static let mostReturns = 3

  public var started: DrillStarted
  public var initiator: Initiator
  public var at: Timestamp
  /// What production ran when it began.
  var home: DeployedRelease
  /// How the deployment of the earlier release ended, and when.
  var away: DeploymentFinished?
  var awayAt: Timestamp?
  /// How often the way back was begun.
  var returns = 0
}

/// A drill that has ended.
public struct PastDrill: Hashable, Sendable, Codable {
  public var started: DrillStarted
  public var finished: DrillFinished
  public var initiator: Initiator
  /// When it ended.
  public var at: Timestamp

  public var isVerified: Bool { finished.outcome == .verified && finished.returned }
}
