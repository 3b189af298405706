import Git
public import MooringJournal
public import MooringModel

/// Everything that the loop of one environment works with.
public struct EnvironmentContext: Sendable {
  @Boxed public var configuration: EnvironmentConfiguration
  @Boxed public var repository: TrackedRepository
  /// All environments of the same repository.
  public var neighbours: [EnvironmentConfiguration]
  public var journal: Journal
  public var target: any Target
  public var state: StateDirectory
  public var time: Time
  public var limits: ContentLimits
  /// Shared by all environments, with what it remembers.
  public var verifier: CommitVerifier
  /// Shared by all environments.
  var spare: SpareMemory
  /// Who logins are in Git: `ann` as `Ann Lee <ann@example.com>`.
  public var identities: [String: String] = [:]

  /// Until when hosts of pull requests want to be left alone; shared by all environments.
  var patience = CodeHostPatience()

  var name: EnvironmentName { configuration.name }

  func giveMemoryBack() { spare.note(repository.git) }

  /// What keeps other machines' watchers from working on it at once; `nil` where nothing has to.
  var coordination: (any Coordination)? { target.coordination }

  var headReader: HeadReader {
    HeadReader(
      repository: repository, environment: configuration, releases: journal.releases, rendering: rendering,
      verification: verification, quarantine: quarantine)
  }

  var quarantine: QuarantineComparison {
    QuarantineComparison(git: repository.git, secrets: configuration.secrets)
  }

  var rendering: EnvironmentRendering {
    EnvironmentRendering(
      repository: repository.git, configuration: configuration, journal: journal, state: state, limits: limits)
  }

  var verification: ReleaseVerification {
    ReleaseVerification(
      repository: repository.git, policy: configuration.verification, verifier: verifier, own: ownReverts)
  }

  var ownReverts: OwnReverts { OwnReverts(of: name, in: state) }

  var revertMaker: RevertMaker {
    get throws {
      RevertMaker(
        repository: repository, environment: configuration, neighbours: neighbours, releases: journal.releases,
        rendering: rendering, host: host,
        journal: try repository.git.reference(Journal.reference(of: name)))
    }
  }

  /// This machine's name, as the state directory remembers it.
  var host: String { String(state.identity.prefix { $0 != "/" }) }

  /// What is known of the environment, from its journal alone. Takes no lock and changes nothing.
  ///
  /// Never inlined: what it works with, several times all that is known, would be part of the frame of each task that calls it, and
  /// stay there for months.
  @inline(never)
  public func head() throws -> JournalHead { try journal.head(of: configuration.name, in: repository.git) }

  /// Whether this state directory may write the environment's journal and touch its target.
  public func isOwner(_ state: EnvironmentState) -> Bool { state.owner == nil || state.owner == journal.source }
}

/// What a loop tells while it works, for a terminal or a log.
public enum LoopNews: Sendable {
  case recorded(Event)
  case fetching
  case received(TransferReply)
  case step(StepReport)
  case alert(String)
  case waiting(String)
}

/// What came of a fact.
public struct LoopReport: Sendable {
  public var events: [Event] = []
  /// Why something that was asked for was not done.
  public var refusals: [Fault] = []
  @Boxed public var state = EnvironmentState()

  /// Of nothing; once for all who say so.
  static let none = LoopReport()
}
