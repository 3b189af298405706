public import MooringModel

/// What is known of an environment's ways back, from which rules say whether each is open.
public struct Standing: Sendable {
  /// An image that a release names, and what its registry says.
  public struct Image: Sendable, Hashable {
    public enum State: Sendable, Hashable {
      case present
      case gone
      /// The tag means another image than when it was released.
      case moved(from: String, to: String)
      /// Nobody could say, and why.
      case unknown(String)
    }

    public var text: String
    public var place: Place
    public var state: State

    public init(text: String, place: Place, state: State) {
      self.text = text
      self.place = place
      self.state = state
    }
  }

  /// A release that ran and whose gates held.
  public struct Target: Sendable {
    public var label: String
    /// Whether its tree is there, down to every file.
    public var isStored: Bool
    /// Why the revert to it can't be made today.
    public var revertProblem: String?
    public var images: [Image]
    /// What migrations since took away that it may need.
    public var migrations: [Finding]

    public init(
      label: String, isStored: Bool, revertProblem: String? = nil, images: [Image] = [], migrations: [Finding] = []
    ) {
      self.label = label
      self.isStored = isStored
      self.revertProblem = revertProblem
      self.images = images
      self.migrations = migrations
    }
  }

  /// What proves that there is a backup.
  public struct Backup: Sendable, Hashable {
    /// Why it doesn't.
    public var problem: String?
    /// What is about to be destroyed; a backup is asked for where this isn't empty.
    public var destroyed: [Finding]

    public init(problem: String?, destroyed: [Finding]) {
      self.problem = problem
      self.destroyed = destroyed
    }
  }

  /// A drill that has ended.
  public struct Rehearsal: Sendable, Hashable, Encodable {
    public var environment: String
    public var at: Timestamp
    /// From its start to the earlier release, verified; `nil` where it didn't get there.
    public var seconds: Double?
    /// How it ended, where that isn't well.
    public var problem: String?

    public init(environment: String, at: Timestamp, seconds: Double?, problem: String? = nil) {
      self.environment = environment
      self.at = at
      self.seconds = seconds
      self.problem = problem
    }
  }

  public var environment: String
  /// What runs; `nil` where nothing was deployed.
  public var deployed: String?
  /// How long it takes to be back, from what earlier deployments took; `nil` where there were none.
  public var seconds: Double?
  /// Newest first.
  public var targets: [Target]
  public var backup: Backup?
  /// Registries that nobody may ask, and how many images they would be asked about.
  public var unasked: [String: Int]
  /// How going back was rehearsed last, here or in the environment before this one in line; `nil` where it never was.
  public var rehearsal: Rehearsal?

  public init(
    environment: String, deployed: String?, seconds: Double?, targets: [Target], backup: Backup? = nil,
    unasked: [String: Int] = [:], rehearsal: Rehearsal? = nil
  ) {
    self.rehearsal = rehearsal
    self.unasked = unasked
    self.environment = environment
    self.deployed = deployed
    self.seconds = seconds
    self.targets = targets
    self.backup = backup
  }
}
