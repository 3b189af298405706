/// A place in production where releases go.
///
/// A target observes and carries out single steps; it decides nothing. Every step checks again that what it is about to
/// replace is what the plan saw.
public protocol Target: Sendable {
  /// What is there now. Changes nothing.
  func observe() async throws -> Observation

  /// Carries one step out. Repeating a step that has been done is harmless.
  ///
  /// - Returns: What a person or the journal should know of it.
  /// - Throws: `Fault`; then production is as it was before the step.
  func carryOut(_ step: Step, of plan: Plan, contents: any ReleaseContents) async throws -> StepReport

  /// Clears away what an interrupted step left half done. Never touches what is live.
  func recover() async throws
}

/// What a target reports of itself.
public struct Observation: Sendable, Hashable, Codable {
  /// The release that the target runs; `nil` where it runs none.
  public var deployed: ReleaseDigest?
  /// Releases that can be gone back to without writing a file.
  public var retained: Set<ReleaseDigest>

  public init(deployed: ReleaseDigest?, retained: Set<ReleaseDigest> = []) {
    self.deployed = deployed
    self.retained = retained
  }
}

/// What came of one step.
public struct StepReport: Sendable, Hashable, Codable {
  public var step: Step.Kind
  /// One line for people: `materialised 1,000 files (12 reused)`.
  public var summary: String
  /// The end of what a program printed, at most 4 KiB.
  public var output: String?

  public init(step: Step.Kind, summary: String, output: String? = nil) {
    self.step = step
    self.summary = summary
    self.output = output
  }
}
