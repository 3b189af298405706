/// One fact of the journal. Written once, never changed.
public struct Event: Hashable, Sendable {
  /// The version of the journal's format that this program writes.
  public static let schema = 1

  public var id: Identifier
  public var time: Timestamp
  public var initiator: Initiator
  /// The state directory that wrote it.
  public var source: String
  public var environment: EnvironmentName
  public var payload: Payload

  public init(
    id: Identifier, time: Timestamp, initiator: Initiator, source: String, environment: EnvironmentName,
    payload: Payload
  ) {
    self.id = id
    self.time = time
    self.initiator = initiator
    self.source = source
    self.environment = environment
    self.payload = payload
  }

  public enum Payload: Hashable, Sendable {
    case catalogue(Catalogue)
    case release(Release)
    case deploymentStarted(DeploymentStarted)
    case gate(GateResult)
    case deploymentFinished(DeploymentFinished)
    case rollbackStarted(RollbackStarted)
    case revertPushed(RevertPushed)
    case revertOwed(RevertOwed)
    case revertProposed(RevertProposed)
    case revertDeclined(RevertDeclined)
    case requestSettled(RequestSettled)
    case rollbackFinished(RollbackFinished)
    case rollbackRehearsed(RollbackRehearsed)
    case verdict(VerdictGiven)
    case hold(Hold)
    case resume(Resume)
    case quarantine(QuarantineEntry)
    case quarantineLifted(QuarantineLifted)
    case quarantineBlocked(QuarantineBlocked)
    case historyRewritten(HistoryRewritten)
    case takeover(Takeover)
    case union(JournalUnion)
    case driftDetected(DriftDetected)
    case driftChanged(DriftChanged)
    case driftResolved(DriftResolved)
    case driftIgnored(DriftIgnored)
    case driftFought(DriftFought)
    case adopted(Adopted)
    case anchored(Anchored)
    case acknowledged(Acknowledged)
    case unattended(Window)
    case alert(Alert)
    case note(Note)
    case artifacts(Artifacts)
    case drillStarted(DrillStarted)
    case drillFinished(DrillFinished)
    /// Written by a newer version of Mooring: kept, shown by its kind, and not understood.
    case unknown(kind: String)
  }
}

/// Another state directory became the environment's one writer.
public struct Takeover: Hashable, Sendable, Codable {
  public var from: String?
  public init(from: String?) { self.from = from }
}

/// Two journals that had grown apart became one again.
public struct JournalUnion: Hashable, Sendable, Codable {
  /// The head of the journal that was taken in.
  public var other: ContentID
  /// The owner that it names, where it was taken over there; it is the owner of the union.
  public var owner: String?

  public init(other: ContentID, owner: String? = nil) {
    self.other = other
    self.owner = owner
  }
}

/// Something that a person should know.
public struct Alert: Hashable, Sendable, Codable {
  public var message: String
  /// The digest or revision that it is about, so that it is not said twice.
  public var about: ContentID?

  public init(message: String, about: ContentID? = nil) {
    self.message = message
    self.about = about
  }
}

/// A person's note in the story.
public struct Note: Hashable, Sendable, Codable {
  public var text: String
  /// The rollback that it is about; `nil` where it is about none.
  public var incident: Identifier?

  public init(text: String, incident: Identifier? = nil) {
    self.text = text
    self.incident = incident
  }
}
