/// How far automation goes when a release fails.
public struct RollbackPolicy: Sendable, Hashable {
  /// How many rollbacks automation may begin in some time, before it stops for a person.
  public struct Budget: Sendable, Hashable {
    public var atMost: Int
    public var within: Duration

    public init(atMost: Int = 5, within: Duration = .seconds(3600)) {
      self.atMost = atMost
      self.within = within
    }

    /// How much of it is spent, where rollbacks began at these times.
    func spent(_ times: [Timestamp], at now: Timestamp) -> Int { times.count { now - $0 < within } }
  }

  /// The most rollbacks that a budget can count.
  public static let mostCounted = 100
  /// Failures older than this begin no rollback by themselves.
  public static let longestAgo = Duration.seconds(3600)

  public var budget: Budget
  /// Nothing is rolled back: what would have been is said.
  public var isRehearsed: Bool
  /// How long what was rolled back blocks what resembles it.
  public var quarantineFor: Duration

  public init(
    budget: Budget = Budget(), isRehearsed: Bool = false, quarantineFor: Duration = .seconds(30 * 86_400)
  ) {
    self.budget = budget
    self.isRehearsed = isRehearsed
    self.quarantineFor = quarantineFor
  }
}
