/// Reads a kubeconfig's cluster.
struct ClusterReader {
  let entry: KubeconfigEntry
  let policy: AccessPolicy

  func access(credentials: CredentialPlaces, namespace: String?) throws(KubernetesError) -> ClusterAccess {
    var access = ClusterAccess(
      server: try server(), credentials: credentials, namespace: namespace ?? "default")
    access.trust = try trust()
    access.tlsServerName = try entry.text("tls-server-name")
    if let text = try entry.text("proxy-url") {
      guard let proxy = Proxy(text) else {
        throw entry.problem(
          "isn't understood", at: "proxy-url", remedy: "give it as http://host:port or socks5://host:port")
      }
      access.proxy = proxy
    }
    return access
  }

  private func server() throws(KubernetesError) -> ServerURL {
    guard let text = try entry.text("server") else { throw entry.problem("is missing", at: "server") }
    guard let server = ServerURL(text) else {
      throw entry.problem("is no URL of a server", at: "server", remedy: "give it as https://host:port")
    }
    guard server.isHTTPS || policy.allowsInsecure else {
      throw entry.problem("would be reached without TLS", at: "server", remedy: "use https")
    }
    return server
  }

  private func trust() throws(KubernetesError) -> ClusterAccess.Trust {
    if try entry.bool("insecure-skip-tls-verify") {
      guard policy.allowsInsecure else {
        throw entry.problem(
          "is refused: whoever answers could take our credentials", at: "insecure-skip-tls-verify",
          remedy: "name the cluster's authority with certificate-authority")
      }
      return .anyone
    }
    guard let material = try entry.material("certificate-authority") else { return .system }
    return .authorities(
      try ClientIdentity.certificates(try material.read(), what: "the certificate-authority of \(entry.what)"))
  }
}
