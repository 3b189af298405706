import Testing

@testable import Kubernetes

@Suite struct KubeconfigTests {
  private static func text(cluster: String = "{server: 'https://h:6443'}", user: String = "{token: abc}") -> String {
    """
    apiVersion: v1
    kind: Config
    current-context: shop
    contexts:
    - {name: shop, context: {cluster: lab, user: admin, namespace: shop}}
    - {name: bare, context: {cluster: lab}}
    clusters:
    - name: lab
      cluster: \(cluster)
    users:
    - name: admin
      user: \(user)
    """
  }

  private func access(
    cluster: String = "{server: 'https://h:6443'}", user: String = "{token: abc}", context: String? = nil,
    policy: AccessPolicy = AccessPolicy()
  ) throws -> ClusterAccess {
    try Kubeconfig(parsing: Array(Self.text(cluster: cluster, user: user).utf8), file: "folder/config")
      .access(context: context, policy: policy)
  }

  @Test func theCurrentContextIsTaken() throws {
    let access = try access()
    #expect(access.address == "https://h:6443")
    #expect(access.namespace == "shop")
    guard case .token(let token) = access.credentials.authorization else {
      Issue.record("no token")
      return
    }
    #expect(token.text == "abc")
  }

  @Test func aContextWithoutUserHasNoCredentials() throws {
    let access = try access(context: "bare")
    #expect(access.namespace == "default")
    guard case .none = access.credentials.authorization else {
      Issue.record("credentials")
      return
    }
  }

  @Test(arguments: [
    ("{server: ''}", "folder/config:9:13: server of the cluster \"lab\" is missing"),
    ("{server: 7}", "folder/config:9:13: server of the cluster \"lab\" should be a string"),
    ("{server: 'ftp://h'}", "is no URL of a server"), ("{server: 'https://u:p@h'}", "is no URL of a server"),
    ("{server: 'https://h?x=1'}", "is no URL of a server"), ("{server: 'http://h'}", "without TLS"),
    ("{server: 'https://h', insecure-skip-tls-verify: true}", "is refused"),
    ("{server: 'https://h', insecure-skip-tls-verify: 'yes'}", "should be true or false"),
    ("{server: 'https://h', certificate-authority-data: '!'}", "certificate"),
    ("{server: 'https://h', certificate-authority: nowhere.crt}", "can't be read"),
    ("{server: 'https://h', proxy-url: 'ftp://p'}", "isn't understood"),
  ])
  func clustersThatCannotBeUsedAreRefused(_ cluster: String, _ message: String) {
    let error = #expect(throws: KubernetesError.self) { try access(cluster: cluster) }
    #expect(error?.code == .configuration)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("{auth-provider: {name: gcp}}", "auth-provider of the user \"admin\" isn't supported"),
    ("{as: other}", "as of the user \"admin\" isn't supported"), ("{token: 7}", "should be a string"),
    ("{token: 'a b'}", "is no token"), ("{client-certificate-data: YQ==}", "has no client-key beside it"),
    ("{client-key-data: YQ==}", "has no client-certificate beside it"),
    ("{exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}", "is \"aws\", which isn't allowed"),
    ("{exec: {apiVersion: client.authentication.k8s.io/v1}}", "command of exec of the user \"admin\" is missing"),
    ("{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: allowed}}", "should be one of"),
    ("{exec: {apiVersion: client.authentication.k8s.io/v1, command: allowed, interactiveMode: Always}}", "nobody"),
    ("{exec: {apiVersion: client.authentication.k8s.io/v1, command: allowed, args: [1]}}", "list of strings"),
  ])
  func usersThatCannotBeUsedAreRefused(_ user: String, _ message: String) {
    let error = #expect(throws: KubernetesError.self) {
      try access(user: user, policy: AccessPolicy(execPrograms: ["allowed"]))
    }
    #expect(error?.code == .configuration)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func whatIsAskedForInsecurelyIsTakenWhereThatIsAllowed() throws {
    let policy = AccessPolicy(allowsInsecure: true)
    let access = try access(cluster: "{server: 'https://h', insecure-skip-tls-verify: true}", policy: policy)
    guard case .anyone = access.trust else {
      Issue.record("it is verified")
      return
    }
    #expect(try self.access(cluster: "{server: 'http://h/below/'}", policy: policy).address == "http://h:80/below")
  }

  @Test func aProxyAndAnotherNameOfTheServerAreTaken() throws {
    let access = try access(
      cluster: "{server: 'https://[::1]:1', tls-server-name: kubernetes, proxy-url: 'http://u:p@proxy:3128'}")
    #expect(access.server.host == "::1")
    #expect(access.tlsServerName == "kubernetes")
    #expect(access.proxy?.host == "proxy" && access.proxy?.port == 3_128)
    #expect(try self.access(cluster: "{server: 'https://h', proxy-url: 'socks5://proxy'}").proxy?.port == 1_080)
  }

  @Test func whatIsMissingIsNamedWithWhatWasMeant() {
    let error = #expect(throws: KubernetesError.self) { try access(context: "shpo") }
    #expect(error?.description == #"folder/config has no context "shpo"; did you mean "shop"?"#)
  }

  @Test func brokenFilesAreToldWithTheirPlace() {
    let error = #expect(throws: KubernetesError.self) {
      try Kubeconfig(parsing: Array("users: [".utf8), file: "config")
    }
    #expect(error?.description.hasPrefix("config:1:") == true)
    #expect(throws: KubernetesError.self) { try Kubeconfig(parsing: Array("[]".utf8), file: "config") }
    #expect(throws: KubernetesError.self) { try Kubeconfig(file: "/nonexistent/config") }
  }

  @Test func nothingThatIsPrintedHoldsASecret() throws {
    let users = ["{token: hunter2}", "{username: hunter2, password: hunter2}"]
    for user in users {
      let config = try Kubeconfig(parsing: Array(Self.text(user: user).utf8), file: "config")
      let access = try config.access()
      for text in ["\(config)", String(reflecting: config), "\(access)", String(reflecting: access)] {
        #expect(!text.contains("hunter2"))
      }
      var dumped = ""
      dump(config, to: &dumped)
      dump(access, to: &dumped)
      dump(access.credentials, to: &dumped)
      dump(access.credentials.authorization, to: &dumped)
      let isBasic = user.contains("username")
      // Who it is is no secret; the password is.
      #expect(isBasic || !dumped.contains("hunter2"))
    }
  }
}
