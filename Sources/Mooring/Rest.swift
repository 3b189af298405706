import Git
import MooringJournal
import MooringModel

/// What there was when an environment's branch was read and nothing followed: as long as it is the same, nothing would
/// follow if it were read again, however often the remote is asked.
struct Rest {
  /// It is read again after this time all the same.
  private static let longest = Duration.seconds(30)

  private let tip: ObjectID
  private let journal: ObjectID?
  private let since: ContinuousClock.Instant

  /// What there is now; `nil` where something besides the branch and the journal decides: signatures can become invalid,
  /// and what is owed is tried again and again.
  init?(of context: EnvironmentContext) {
    guard context.configuration.verification.mode == .off, let tip = try? context.repository.tip(),
      let head = try? context.head(), head.state.owed.isEmpty, head.state.needless.isEmpty, head.state.isAtRest
    else { return nil }
    self.tip = tip
    journal = head.commit
    since = .now
  }

  func isStill(_ context: EnvironmentContext) -> Bool {
    guard .now - since < Self.longest, (try? context.repository.tip()) == tip else { return false }
    let reference = Journal.reference(of: context.name)
    return (try? context.repository.git.reference(reference)) == journal
  }
}
