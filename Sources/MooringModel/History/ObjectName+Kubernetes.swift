extension ObjectName {
  /// `deployment/shop/web`, `clusterrole/view`, and for kinds of others than Kubernetes' own
  /// `certificate.cert-manager.io/shop/web`.
  ///
  /// - Parameter namespace: `nil` or empty for objects of the whole cluster, and for manifests that leave it to the target.
  public init(group: some StringProtocol, kind: String, namespace: String?, name: String) {
    let isOfKubernetes = !group.contains(".") || group.hasSuffix(".k8s.io")
    let kind = kind.lowercased() + (isOfKubernetes ? "" : ".\(group)")
    let namespace = namespace.flatMap { $0.isEmpty ? nil : $0 }
    self.init(path: [kind, namespace, name].compactMap { $0 }.joined(separator: "/").utf8)
  }
}
