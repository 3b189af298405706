/// What the operator allows a kubeconfig to do. A kubeconfig alone can ask for programs to be run, and for a server not
/// to be looked at; neither happens unless it is allowed here.
public struct AccessPolicy: Sendable, Hashable {
  /// Programs that `exec` may run: names, or absolute paths, each spelt as the kubeconfig spells it.
  public var execPrograms: Set<String>
  /// How long such a program may take.
  public var execTimeLimit: Duration
  /// Whether `insecure-skip-tls-verify`, and `http` instead of `https`, are taken.
  public var allowsInsecure: Bool

  public init(
    execPrograms: Set<String> = [], execTimeLimit: Duration = .seconds(30), allowsInsecure: Bool = false
  ) {
    self.execPrograms = execPrograms
    self.execTimeLimit = execTimeLimit
    self.allowsInsecure = allowsInsecure
  }
}
