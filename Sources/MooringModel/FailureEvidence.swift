/// What a failed deployment showed: the grounds of an automatic rollback.
public struct FailureEvidence: Hashable, Sendable {
  /// Answers of gates that one failure keeps.
  static let mostGates = 64

  public var release: ReleaseReference
  public var deployment: Identifier
  public var began: Timestamp
  public var failed: Timestamp
  /// What the gates answered, in their order; empty where a step failed before they were asked.
  public var gates: [GateResult]
  public var detail: String?

  public init(
    release: ReleaseReference, deployment: Identifier, began: Timestamp, failed: Timestamp, gates: [GateResult],
    detail: String?
  ) {
    self.release = release
    self.deployment = deployment
    self.began = began
    self.failed = failed
    self.gates = gates
    self.detail = detail
  }
}
