public import MooringModel

/// Who takes what API servers tell: handed in where the program is composed, since this room knows no target.
public struct AuditIntake: Sendable {
  /// The largest body that is taken, in bytes.
  public var limit: Int
  /// A server can be told from now on.
  public var open: @Sendable (KubernetesTargetOptions) -> Void
  /// Takes the body of a request about a cluster.
  ///
  /// - Returns: What of it couldn't be understood, for the log; `nil` where all could.
  /// - Throws: `Fault` for a body of which nothing can be taken.
  public var take: @Sendable (_ body: [UInt8], KubernetesTargetOptions) throws(Fault) -> String?
  /// Something was told and couldn't be taken.
  public var miss: @Sendable (KubernetesTargetOptions) -> Void

  /// Sees, until the task is cancelled, whether all is told; complains where it isn't.
  public var hear: @Sendable (KubernetesTargetOptions, _ complain: @Sendable (String) -> Void) async -> Void

  public init(
    limit: Int, open: @escaping @Sendable (KubernetesTargetOptions) -> Void,
    take: @escaping @Sendable (_ body: [UInt8], KubernetesTargetOptions) throws(Fault) -> String?,
    miss: @escaping @Sendable (KubernetesTargetOptions) -> Void,
    hear: @escaping @Sendable (KubernetesTargetOptions, _ complain: @Sendable (String) -> Void) async -> Void
  ) {
    self.limit = limit
    self.open = open
    self.take = take
    self.miss = miss
    self.hear = hear
  }
}
