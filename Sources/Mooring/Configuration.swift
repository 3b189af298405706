public import GitRemotes
public import MooringModel
public import Readiness
public import Registries

/// What `mooring.yaml` says.
public struct Configuration: Sendable, Hashable {
  public var path: String
  public var repositories: [String: RepositoryConfiguration]
  public var environments: [EnvironmentName: EnvironmentConfiguration]
  public var journal: JournalConfiguration
  /// Who logins of this machine are in Git.
  public var identities: [String: String]
  /// Who is told, besides the log.
  public var notifications: [NotificationChannel]
  /// How the watcher can be reached; `nil` where it can't.
  public var server: ServerOptions?
  /// Registries of images that may be asked.
  public var registries: [RegistryAccess]

  public init(
    path: String, repositories: [String: RepositoryConfiguration],
    environments: [EnvironmentName: EnvironmentConfiguration], journal: JournalConfiguration = JournalConfiguration(),
    identities: [String: String] = [:],
    notifications: [NotificationChannel] = [], server: ServerOptions? = nil, registries: [RegistryAccess] = []
  ) {
    self.registries = registries
    self.server = server
    self.identities = identities
    self.path = path
    self.repositories = repositories
    self.environments = environments
    self.journal = journal
    self.notifications = notifications
  }
}

/// A Git remote and the branch that is followed.
public struct RepositoryConfiguration: Sendable, Hashable {
  public var url: String
  public var branch: String
  /// How often the remote is asked, before jitter.
  public var poll: Duration
  /// How long one fetch or push may take.
  public var timeout: Duration
  /// What its environments ask of signatures unless they say otherwise.
  public var verification: VerificationPolicy
  /// How the remote is got into.
  public var access: RemoteAccess

  public init(
    url: String, branch: String = "main", poll: Duration = .seconds(30), timeout: Duration = .seconds(60),
    verification: VerificationPolicy = VerificationPolicy(), access: RemoteAccess = RemoteAccess()
  ) {
    self.url = url
    self.branch = branch
    self.poll = poll
    self.timeout = timeout
    self.verification = verification
    self.access = access
  }

  /// `refs/heads/main`
  public var branchReference: String { "refs/heads/\(branch)" }
  /// Where the branch is kept in the local repository.
  public var trackingReference: String { "refs/remotes/origin/\(branch)" }
  /// Fetches the branch, also where it was rewritten.
  var refspec: String { "+\(branchReference):\(trackingReference)" }
}

/// A named place in production.
public struct EnvironmentConfiguration: Sendable, Hashable {
  public var name: EnvironmentName
  public var repository: String
  /// How its inputs become releases; what the renderer's program says of itself is added when it is asked.
  public var definition: Definition
  public var renderer: RendererConfiguration
  public var target: TargetConfiguration
  public var policy: Policy
  public var gates: [GateConfiguration]
  /// What its rollbacks are judged by.
  public var signals: SignalsConfiguration
  /// What is asked of the signatures of its commits.
  public var verification: VerificationPolicy
  /// Whose values are not shown.
  public var secrets: SecretRules
  /// Whether its releases may hold secrets of Kubernetes in plain text.
  public var allowsPlaintextSecrets: Bool
  /// Where reverts are proposed; `nil` where they are pushed to the branch alone.
  public var pullRequests: PullRequestOptions?
  /// What is asked of changes, so that one can go back.
  public var readiness: ReadinessPolicy
  /// Signs reverts; `nil` where they aren't signed.
  public var signer: CommitSigner?
  /// The environment in which a drill has to succeed before a release is deployed here.
  public var requiredDrill: EnvironmentName?

  public init(
    name: EnvironmentName, repository: String, definition: Definition, target: TargetConfiguration,
    policy: Policy = Policy(), gates: [GateConfiguration] = [],
    verification: VerificationPolicy = VerificationPolicy(), secrets: SecretRules = SecretRules(),
    renderer: RendererConfiguration = RendererConfiguration(), allowsPlaintextSecrets: Bool = false,
    pullRequests: PullRequestOptions? = nil, signals: SignalsConfiguration = SignalsConfiguration(),
    readiness: ReadinessPolicy = ReadinessPolicy(), signer: CommitSigner? = nil,
    requiredDrill: EnvironmentName? = nil
  ) {
    self.requiredDrill = requiredDrill
    self.pullRequests = pullRequests
    self.signals = signals
    self.readiness = readiness
    self.signer = signer
    self.renderer = renderer
    self.allowsPlaintextSecrets = allowsPlaintextSecrets
    self.secrets = secrets
    self.name = name
    self.repository = repository
    self.definition = definition
    self.target = target
    self.policy = policy
    self.gates = gates
    self.verification = verification
  }
}

extension EnvironmentConfiguration {
  /// What its releases must not hold, where they are applied to a cluster.
  var manifests: ManifestCheck? {
    target.takesObjects ? ManifestCheck(allowsPlaintext: allowsPlaintextSecrets) : nil
  }
}

/// Where releases go.
public enum TargetConfiguration: Sendable, Hashable {
  /// Files on this machine.
  case host(HostTargetOptions)
  /// Objects in a cluster.
  case kubernetes(KubernetesTargetOptions)

  /// Whether what it is given are objects of Kubernetes, and not files.
  var takesObjects: Bool {
    switch self {
    case .host: false
    case .kubernetes: true
    }
  }
}

/// A check that must hold after a deployment.
public struct GateConfiguration: Sendable, Hashable {
  public enum Check: Sendable, Hashable {
    case command([String])
    case http(url: String, status: Int, contains: String?)
    case tcp(host: String, port: Int)
    /// The query's value lies in between.
    case prometheus(PrometheusQuery, above: Double?, below: Double?)
    /// What was deployed says of itself that it works.
    case readiness
  }

  public var name: String
  public var check: Check
  /// The gate must hold by then.
  public var within: Duration
  /// And go on holding for this long.
  public var stableFor: Duration
  public var interval: Duration
  /// How long one attempt may take.
  public var timeout: Duration
  /// Whether it may ask link-local addresses, where clouds hand credentials to whoever asks.
  public var allowsLinkLocal: Bool

  public init(
    name: String, check: Check, within: Duration = .seconds(30), stableFor: Duration = .zero,
    interval: Duration = .milliseconds(500), timeout: Duration = .seconds(5), allowsLinkLocal: Bool = false
  ) {
    self.name = name
    self.check = check
    self.within = within
    self.stableFor = stableFor
    self.interval = interval
    self.timeout = timeout
    self.allowsLinkLocal = allowsLinkLocal
  }
}

/// Where the journal goes besides the local repository.
public struct JournalConfiguration: Sendable, Hashable {
  public var push: Bool
  /// A repository of its own; `nil` for that of the configuration.
  public var repository: String?
  /// How that repository of its own is got into.
  public var access: RemoteAccess
  /// How its commits are signed; `nil` where they aren't.
  public var signing: JournalSigning?
  /// Who time-stamps it; `nil` where nobody does.
  public var timestamps: JournalTimestamps?

  public init(
    push: Bool = true, repository: String? = nil, access: RemoteAccess = RemoteAccess(),
    signing: JournalSigning? = nil, timestamps: JournalTimestamps? = nil
  ) {
    self.push = push
    self.repository = repository
    self.access = access
    self.signing = signing
    self.timestamps = timestamps
  }
}
