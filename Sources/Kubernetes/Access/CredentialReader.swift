import Documents

/// Reads a kubeconfig's user.
struct CredentialReader {
  let entry: KubeconfigEntry
  let cluster: KubeconfigEntry
  let policy: AccessPolicy

  func places() throws(KubernetesError) -> CredentialPlaces {
    for key in ["auth-provider", "as", "as-uid", "as-groups", "as-user-extra"] where entry.has(key) {
      throw entry.problem("isn't supported", at: key, remedy: "use a token, a client certificate or exec")
    }
    var places = CredentialPlaces(what: entry.what)
    places.identity = try identity()
    places.authorization = try authorization()
    return places
  }

  private func identity() throws(KubernetesError) -> CredentialPlaces.Identity? {
    let certificate = try entry.material("client-certificate")
    let key = try entry.material("client-key")
    guard let certificate else {
      if key == nil { return nil }
      throw entry.problem("has no client-certificate beside it", at: "client-key")
    }
    guard let key else { throw entry.problem("has no client-key beside it", at: "client-certificate") }
    return CredentialPlaces.Identity(certificate: certificate, key: key)
  }

  /// The first of what `client-go` prefers: a file that rotates over its text, a token over a password.
  private func authorization() throws(KubernetesError) -> CredentialPlaces.Authorization {
    if let file = try entry.credentialFile("tokenFile") { return .tokenFile(file) }
    if let token = try entry.text("token") {
      return .token(try CredentialFile.token(token, from: "the token of \(entry.what)"))
    }
    if let user = try entry.text("username") {
      return .basic(user: user, password: Secret(try entry.text("password") ?? ""))
    }
    return try entry.value("exec").map { (node) throws(KubernetesError) in
      .exec(try plugin(KubeconfigEntry(file: entry.file, what: "exec of \(entry.what)", node: node)))
    } ?? .none
  }

  private func plugin(_ exec: KubeconfigEntry) throws(KubernetesError) -> ExecPlugin {
    guard let command = try exec.text("command") else { throw exec.problem("is missing", at: "command") }
    guard policy.execPrograms.contains(command) else {
      throw exec.problem(
        "is \(PlainText.quoted(command)), which isn't allowed", at: "command",
        remedy: "allow that program by name, if it is to be run with your rights")
    }
    let version = try exec.text("apiVersion") ?? ""
    guard ExecPlugin.versions.contains(version) else {
      throw exec.problem("should be one of \(ExecPlugin.versions.joined(separator: ", "))", at: "apiVersion")
    }
    guard try exec.text("interactiveMode") != "Always" else {
      throw exec.problem("is Always, and nobody is there to be asked", at: "interactiveMode")
    }
    return ExecPlugin(
      command: command, arguments: try arguments(exec), environment: try environment(exec), apiVersion: version,
      cluster: try exec.bool("provideClusterInfo") ? try clusterInfo() : nil, timeLimit: policy.execTimeLimit)
  }

  private func arguments(_ exec: KubeconfigEntry) throws(KubernetesError) -> [Secret] {
    var result: [Secret] = []
    for node in exec.value("args")?.elements ?? [] {
      guard let text = node.scalar?.stringValue else { throw exec.problem("should be a list of strings", at: "args") }
      result.append(Secret(text))
    }
    return result
  }

  private func environment(_ exec: KubeconfigEntry) throws(KubernetesError) -> [String: Secret] {
    var result: [String: Secret] = [:]
    for node in exec.value("env")?.elements ?? [] {
      guard let name = node["name"]?.scalar?.stringValue, let value = node["value"]?.scalar?.stringValue else {
        throw exec.problem("should be a list of names and values", at: "env")
      }
      result[name] = Secret(value)
    }
    return result
  }

  /// What `client.authentication.k8s.io` has a plugin know of the cluster.
  private func clusterInfo() throws(KubernetesError) -> JSONBody {
    let keys = ["server", "tls-server-name", "certificate-authority-data"]
    var entries: [FieldValue.Entry] = []
    for key in keys {
      if let text = try cluster.text(key) { entries.append(.init(key: key, value: .scalar(.string(text)))) }
    }
    return try JSONBody(.mapping(entries))
  }
}
