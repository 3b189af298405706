public import Documents

/// Which cluster a release goes to, and how.
public struct KubernetesTargetOptions: Sendable, Hashable {
  /// The absolute path of a kubeconfig; `nil` inside a cluster, where the pod's own account is used.
  public var kubeconfig: String?
  /// A context of the kubeconfig; `nil` for its current one.
  public var context: String?
  /// Where objects go that name no namespace, and where the inventory is kept.
  public var namespace: String
  /// Namespaces besides, in which objects of the release may be, and objects that nothing explains are reported.
  public var namespaces: [String]
  /// Whether a release may have objects of the whole cluster, besides those namespaces.
  public var clusterObjects: Bool
  /// Programs that a kubeconfig may run to get a token. None unless the operator says so.
  public var execPlugins: [String]
  public var onConflict: ConflictChoice
  /// Whether the server is asked about every object before any is changed.
  public var check: Bool
  public var prune: PruneOptions
  /// How long the objects of a release may take to become healthy.
  public var readyWithin: Duration
  /// What the operator says about kinds whose health isn't known.
  public var health: [HealthRule]
  /// Field managers of which nothing is said.
  public var ignoredManagers: Set<String>
  /// Field managers of other tools whose fields become ours when an object is applied for the first time.
  public var takeOverFrom: Set<String>
  /// How long an environment's Lease lasts that isn't renewed; `nil` where that follows from how many there are.
  public var leaseDuration: Duration?

  /// What `lease.duration` may be.
  public static let leaseDurations: ClosedRange<Duration> = .seconds(2) ... .seconds(3600)

  /// How long Leases last where nobody says it: 30 s, and where that would be more than 20 renewals a second, longer.
  ///
  /// - Parameter environments: How many there are in clusters.
  public static func leaseDuration(among environments: Int) -> Duration {
    // Each is renewed every third of it.
    min(max(.seconds(30), .milliseconds(150) * environments), leaseDurations.upperBound)
  }

  /// Namespaces in which objects of the release may be, and objects that nothing explains are reported.
  public var allNamespaces: [String] { [namespace] + namespaces }

  /// What to do about a field that another manager has set.
  public enum ConflictChoice: String, Sendable, Hashable, CaseIterable {
    /// Nothing is changed, and the manager is named.
    case stop
    /// The field becomes ours.
    case force
  }

  /// When a field of an object has which value, the object is healthy.
  public struct HealthRule: Sendable, Hashable {
    /// `Certificate.cert-manager.io`, or `Certificate` of any group.
    public var kind: String
    public var field: FieldPath
    public var healthy: [String]
    /// Values that don't change by themselves any more.
    public var degraded: [String]

    public init(kind: String, field: FieldPath, healthy: [String], degraded: [String] = []) {
      self.kind = kind
      self.field = field
      self.healthy = healthy
      self.degraded = degraded
    }
  }

  /// What pruning may do.
  public struct PruneOptions: Sendable, Hashable {
    /// A deployment that would delete a larger share of what is there stops, from 0 to 1.
    public var share: Double
    /// Kinds that are pruned although they hold others or data: `Namespace`, `CustomResourceDefinition`,
    /// `PersistentVolumeClaim`, `PersistentVolume`.
    public var kinds: Set<String>

    public init(share: Double = 0.5, kinds: Set<String> = []) {
      self.share = share
      self.kinds = kinds
    }
  }

  public init(
    kubeconfig: String?, context: String? = nil, namespace: String = "default", namespaces: [String] = [],
    clusterObjects: Bool = false, execPlugins: [String] = [], onConflict: ConflictChoice = .stop, check: Bool = true,
    prune: PruneOptions = PruneOptions(), readyWithin: Duration = .seconds(300),
    health: [HealthRule] = [], ignoredManagers: Set<String> = [], takeOverFrom: Set<String> = [],
    leaseDuration: Duration? = nil
  ) {
    self.kubeconfig = kubeconfig
    self.context = context
    self.namespace = namespace
    self.namespaces = namespaces
    self.clusterObjects = clusterObjects
    self.execPlugins = execPlugins
    self.onConflict = onConflict
    self.check = check
    self.prune = prune
    self.readyWithin = readyWithin
    self.health = health
    self.ignoredManagers = ignoredManagers
    self.takeOverFrom = takeOverFrom
    self.leaseDuration = leaseDuration
  }

  /// The field manager under which an environment's objects are applied, by which servers know two environments apart.
  ///
  /// - Parameter namespace: Of its inventory: names of environments are unique in one configuration only.
  public static func fieldManager(of environment: String, in namespace: String) -> String {
    "mooring-\(environment)@\(namespace)"
  }

  /// Of a field manager's bytes, what servers take.
  public static let longestFieldManager = 128
}
