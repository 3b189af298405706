extension ClusterAccess {
  /// What a pod has: the service account's token, read again as it is renewed (kubernetes.io, "Accessing the Kubernetes
  /// API from a Pod").
  ///
  /// - Parameters:
  ///   - environment: Where `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` are looked up.
  ///   - folder: Where the service account is mounted.
  /// - Throws: `configuration` outside a pod.
  public static func inCluster(
    environment: [String: String], folder: String = "/var/run/secrets/kubernetes.io/serviceaccount"
  ) throws(KubernetesError) -> ClusterAccess {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
      let server = ServerURL("https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
    else {
      throw KubernetesError(
        .configuration, "this is no pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT aren't set",
        remedy: "name a kubeconfig")
    }
    let what = "the service account"
    let authority = CredentialFile("\(folder)/ca.crt", what: "the authority of \(what)")
    let token = CredentialFile("\(folder)/token", what: "the token of \(what)")
    let namespace = CredentialFile("\(folder)/namespace", what: "the namespace of \(what)")
    var access = ClusterAccess(
      server: server, credentials: CredentialPlaces(what: what, authorization: .tokenFile(token)),
      namespace: try namespace.readToken().text)
    access.trust = .authorities(try ClientIdentity.certificates(authority.read(), what: authority.what))
    return access
  }
}
