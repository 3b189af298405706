public import MooringModel
import Synchronization

/// The clusters that this program works with: one connection each, whoever asks, however many environments it has.
public final class Clusters: Sendable {
  private struct Key: Hashable {
    var kubeconfig: String?
    var context: String?
    var execPlugins: [String]
  }

  private let roster = LeaseRoster()
  private let clusters = Mutex<[Key: Cluster]>([:])

  public init() {}

  /// The target of one environment.
  public func target(_ options: KubernetesTargetOptions, environment: EnvironmentName) -> some Target {
    let cluster = cluster(options)
    let lease = EnvironmentLease(options, environment: environment, cluster: cluster, roster: roster)
    return ClusterTarget(options, environment: environment, cluster: cluster, lease: lease)
  }

  func cluster(_ options: KubernetesTargetOptions) -> Cluster {
    let key = Key(kubeconfig: options.kubeconfig, context: options.context, execPlugins: options.execPlugins)
    return clusters.withLock { clusters in
      if let known = clusters[key] { return known }
      let new = Cluster(kubeconfig: options.kubeconfig, context: options.context, execPlugins: options.execPlugins)
      clusters[key] = new
      return new
    }
  }
}
