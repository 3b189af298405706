/// What is to be done in the world; each comes back as a `Fact`.
public enum Effect: Sendable {
  /// Read the branch from the remote, and then as `readHead`.
  case fetch(SyncRequest?)
  /// Read the branch as it was last fetched.
  case readHead
  case plan(ReleaseReference, Trigger, Initiator, resuming: Identifier?)
  case carryOut(Identifier, Plan)
  /// Ask the gates. `supersedable` gates end when a newer revision or a person's command waits.
  case check(Identifier, supersedable: Bool)
  case revert(RevertRequest)
  /// Push what is owed, replayed on the remote head where that has moved.
  case push
  /// Close pull requests of ours that nothing waits in any more, and delete their branches.
  case settle([NeedlessRequest])
  /// Look at production, and say what differs from what was deployed.
  case look(LookRequest)
  /// Look at objects that drifted, and plan to put them back.
  case heal(HealRequest)
  /// See that production is exactly what was deployed, so that a drill loses nothing.
  case inspect(DrillRequest)
  /// Commit live values to a branch.
  case adopt(AdoptRequest)
  /// Tell people.
  case alert(String)
  /// Tell whoever asked that it was not done, and why.
  case refuse(Fault)
}

/// The rules of an environment that decisions depend on.
public struct Policy: Sendable, Hashable {
  /// New releases are deployed without being asked.
  public var automatic: Bool
  /// A failed release is rolled back without being asked.
  public var automaticRollback: Bool

  /// How far that goes.
  public var rollback: RollbackPolicy

  public var drift: DriftPolicy

  /// Whether going back is rehearsed.
  public var drills: DrillPolicy

  public init(
    automatic: Bool = true, automaticRollback: Bool = true, rollback: RollbackPolicy = RollbackPolicy(),
    drift: DriftPolicy = DriftPolicy(), drills: DrillPolicy = DrillPolicy()
  ) {
    self.drills = drills
    self.rollback = rollback
    self.automatic = automatic
    self.automaticRollback = automaticRollback
    self.drift = drift
  }
}

/// An event that is to be recorded, before it has an identity and a time.
public struct EventDraft: Sendable, Hashable {
  public var payload: Event.Payload
  public var initiator: Initiator

  public init(_ payload: Event.Payload, by initiator: Initiator) {
    self.payload = payload
    self.initiator = initiator
  }
}

/// What follows from a fact: events to record first, then effects to carry out, side by side.
public struct Decision: Sendable {
  public var events: [EventDraft] = []
  public var effects: [Effect] = []
}
