import Documents

/// A kubeconfig (kubernetes.io, "kubeconfig (v1)"): clusters, users, and contexts that pair them.
///
/// Only what the chosen context needs is looked at. Files that it names are relative to its folder.
public struct Kubeconfig: Sendable {
  /// As it was named, for errors.
  public let file: String
  let root: Node

  /// - Throws: `configuration` with line and column.
  public init(parsing bytes: [UInt8], file: String) throws(KubernetesError) {
    self.file = file
    let documents: [Document]
    do { documents = try Document.parse(bytes, as: .yaml) } catch {
      throw KubernetesError(.configuration, "\(file):\(error.line):\(error.column): \(error.message)")
    }
    guard let root = documents.first?.root, root.kind == .mapping else {
      throw KubernetesError(.configuration, "\(file) is no kubeconfig: it should be a mapping")
    }
    self.root = root
  }

  /// Reads a file.
  public init(file: String) throws(KubernetesError) {
    try self.init(parsing: try CredentialFile(file, what: "the kubeconfig \(file)").read(), file: file)
  }

  public var currentContext: String? { root["current-context"]?.scalar?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }

  /// The names of all contexts, in the order of the file.
  public var contexts: [String] { (root["contexts"]?.elements ?? []).compactMap { $0["name"]?.text } }

  /// How a context's cluster is reached.
  ///
  /// - Parameter context: The current one where it is `nil`.
  /// - Throws: `configuration` for what can't be used, or isn't allowed.
  public func access(context: String? = nil, policy: AccessPolicy = AccessPolicy()) throws(KubernetesError)
    -> ClusterAccess
  {
    guard let name = context ?? currentContext else {
      throw KubernetesError(
        .configuration, "\(file) has no current context", remedy: "name one of \(contexts.joined(separator: ", "))")
    }
    let context = try entry("context", name)
    let cluster = try entry("cluster", try context.text("cluster") ?? "")
    let user = try context.text("user").flatMap { $0.isEmpty ? nil : $0 }
    let credentials = try user.map { (user) throws(KubernetesError) in
      try CredentialReader(entry: entry("user", user), cluster: cluster, policy: policy).places()
    }
    return try ClusterReader(entry: cluster, policy: policy).access(
      credentials: credentials ?? CredentialPlaces(what: "nobody"), namespace: context.text("namespace"))
  }

  /// The entry of a name in `clusters`, `users` or `contexts`.
  private func entry(_ kind: String, _ name: String) throws(KubernetesError) -> KubeconfigEntry {
    let entries = root["\(kind)s"]?.elements ?? []
    guard let found = entries.first(where: { $0["name"]?.text == name }), let node = found[kind] else {
      let names = entries.compactMap { $0["name"]?.text }
      let nearest = NearestName.nearest(to: name, among: names).map { "did you mean \(PlainText.quoted($0))?" }
      throw KubernetesError(.configuration, "\(file) has no \(kind) \(PlainText.quoted(name))", remedy: nearest)
    }
    return KubeconfigEntry(file: file, what: "the \(kind) \(PlainText.quoted(name))", node: node)
  }
}

extension Kubeconfig: CustomStringConvertible, CustomReflectable {
  public var description: String { file }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
