import Foundation
import Kubernetes
import MooringModel

/// One cluster: its client, made when it is first needed, and the watches that environments share.
actor Cluster {
  private let kubeconfig: String?
  private let context: String?
  private let execPlugins: [String]
  private var opened: APIClient?
  nonisolated let watches = WatchHub()
  /// What environments that begin needn't ask for.
  nonisolated let left = LeftNames()
  /// What the releases of its environments have in their files.
  nonisolated let manifests = ManifestCache()
  /// What its API servers tell of who changed what.
  nonisolated let audit = AuditTrail()

  /// How we call ourselves to API servers.
  static let userAgent = "mooring"

  init(kubeconfig: String?, context: String?, execPlugins: [String]) {
    self.kubeconfig = kubeconfig
    self.context = context
    self.execPlugins = execPlugins
  }

  /// What the cluster is called in messages; no credential is in it.
  nonisolated var place: String {
    [kubeconfig ?? "the cluster that this runs in", context].compactMap { $0 }.joined(separator: ", context ")
  }

  /// From where nobody can wait: the end of a stream.
  nonisolated func leaveWatches(_ id: Int) {
    Task { await watches.leave(id) }
  }

  /// - Throws: `Fault` where the kubeconfig can't be used.
  func client() throws(Fault) -> APIClient {
    if let opened { return opened }
    do {
      let client = try APIClient(access(), settings: ClientSettings(userAgent: Self.userAgent))
      opened = client
      return client
    } catch {
      throw Fault(error, at: place)
    }
  }

  private func access() throws(KubernetesError) -> ClusterAccess {
    guard let kubeconfig else {
      return try ClusterAccess.inCluster(environment: ProcessInfo.processInfo.environment)
    }
    let policy = AccessPolicy(execPrograms: Set(execPlugins))
    return try Kubeconfig(file: kubeconfig).access(context: context, policy: policy)
  }
}

extension Fault {
  /// An error of a cluster as a person is told of it.
  init(_ error: KubernetesError, at place: String? = nil) {
    let code: Fault.Code =
      switch error.code {
      case .configuration: .configuration
      case .timedOut: .timeout
      case .conflict: .conflict
      case .invalid, .tooLarge: .refusedContent
      case .cancelled: .interrupted
      default: .target
      }
    self.init(
      code, error.request.map { "\($0): \(error.message)" } ?? error.message, at: place, remedy: error.remedy)
  }
}
