import Kubernetes
import MooringModel

/// Asked before each write to a cluster: whether the environment is still ours to change. Who was paused for longer than its
/// Lease lasts wakes in the middle of a deployment, and must not go on with it.
struct WritePermit: Sendable {
  private let body: @Sendable () throws(Fault) -> Void

  init(_ body: @escaping @Sendable () throws(Fault) -> Void) { self.body = body }

  /// Of what nobody else works on.
  static let free = WritePermit { () throws(Fault) in }

  func check() throws(KubernetesError) {
    do { try body() } catch { throw KubernetesError(.cancelled, error.what, remedy: error.remedy) }
  }
}
