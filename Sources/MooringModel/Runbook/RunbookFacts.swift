/// What a runbook is made from: an environment as it is configured, and as it stands.
public struct RunbookFacts: Sendable, Hashable {
  public enum Target: Sendable, Hashable {
    case host(HostTargetOptions)
    case kubernetes(KubernetesTargetOptions)
  }

  /// An input of the environment.
  public struct Input: Sendable, Hashable {
    public var path: String
    /// Whether the earlier revision has it.
    public var isThere: Bool

    public init(path: String, isThere: Bool) { (self.path, self.isThere) = (path, isThere) }
  }

  /// A gate, as a command that asks it once; without one it can't be asked by hand.
  public struct Check: Sendable, Hashable {
    public var name: String
    public var command: [String]

    public init(name: String, command: [String]) { (self.name, self.command) = (name, command) }
  }

  /// How a revert comes to the branch.
  public enum Way: Sendable, Hashable {
    case push
    /// By a pull request of this project: always, or where the branch refuses to be pushed to.
    case pullRequest(project: String, always: Bool)
  }

  /// An object of a cluster.
  public struct Object: Sendable, Hashable {
    /// `deployment.apps`
    public var kind: String
    public var namespace: String?
    public var name: String

    public init(kind: String, namespace: String?, name: String) {
      (self.kind, self.namespace, self.name) = (kind, namespace, name)
    }
  }

  public var environment: EnvironmentName
  /// Without credentials.
  public var url: String
  public var branch: String
  public var inputs: [Input]
  public var target: Target
  public var running: ReleaseReference?
  /// Where to go back to.
  public var previous: ReleaseReference
  /// Files that the running release has and the previous one hasn't.
  public var surplusFiles: [String]
  public var surplusObjects: [Object]
  public var checks: [Check]
  /// The local repository.
  public var repository: String
  public var journalReference: String
  public var journalURL: String
  public var configuration: String
  public var state: String
  public var way: Way
  /// Options of git with which commits are signed; none where they aren't.
  public var signing: [String]

  public init(
    environment: EnvironmentName, url: String, branch: String, inputs: [Input], target: Target,
    running: ReleaseReference?, previous: ReleaseReference, surplusFiles: [String] = [], surplusObjects: [Object] = [],
    checks: [Check] = [], repository: String, journalReference: String, journalURL: String, configuration: String,
    state: String, way: Way = .push, signing: [String] = []
  ) {
    self.environment = environment
    self.url = url
    self.branch = branch
    self.inputs = inputs
    self.target = target
    self.running = running
    self.previous = previous
    self.surplusFiles = surplusFiles
    self.surplusObjects = surplusObjects
    self.checks = checks
    self.repository = repository
    self.journalReference = journalReference
    self.journalURL = journalURL
    self.configuration = configuration
    self.state = state
    self.way = way
    self.signing = signing
  }
}
