import MooringTestSupport

/// A kubeconfig of an account that may do what some rules say, in a site's namespace.
struct ServiceAccountConfig {
  /// Which the API server made for the account: without it the token holds no more.
  let secret: String
  let token: String
  private let folder: TemporaryFolder
  var kubeconfig: String { folder["config"] }

  init(of site: LiveEnvironment, _ rules: String) async throws {
    try await site.kubectl("create", "serviceaccount", "deployer")
    try await site.kubectl(
      "create", "-f", "-",
      input: """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: deployer}, rules: \(rules)}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: deployer},
         roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer},
         subjects: [{kind: ServiceAccount, name: deployer, namespace: NAMESPACE}]}
        """)
    try await site.kubectl("wait", "--for=jsonpath={.secrets[0].name}", "serviceaccount/deployer", "--timeout", "60s")
    secret = try await Self.line(
      site.kubectl("get", "serviceaccount", "deployer", "--output", "jsonpath={.secrets[0].name}"))
    token = try await Self.line(
      site.kubectl("get", "secret", secret, "--output", "go-template={{.data.token | base64decode}}"))
    folder = try TemporaryFolder("kubeconfig")
    try folder.write(
      """
      current-context: a
      contexts: [{name: a, context: {cluster: a, user: a}}]
      clusters: [{name: a, cluster: {server: "\(site.plane.url)", certificate-authority: "\(site.plane.authority)"}}]
      users: [{name: a, user: {token: "\(token)"}}]

      """, to: "config")
  }

  private static func line(_ text: String) -> String { text.split(separator: "\n").first.map(String.init) ?? "" }
}
