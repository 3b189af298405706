import MooringModel

/// Rights as manifests that `kubectl apply` takes: a Role and a RoleBinding in each namespace, and where anything belongs to
/// the whole cluster a ClusterRole and its binding.
struct AccessManifest {
  let environment: EnvironmentName
  /// Where its inventory is: another environment of its name may have one elsewhere.
  let home: String
  let account: ServiceAccountName
  let rights: AccessRights
  /// Kinds of the release that the cluster doesn't have, so that it isn't known what they are called.
  let unknown: [String]

  /// Whoever reaches into a namespace, or the whole cluster, from several others has a role there for each.
  private func name(in namespace: String?) -> String {
    namespace == home ? "mooring-\(environment)" : "mooring-\(environment).\(home)"
  }

  var text: String {
    var parts = rights.namespaces.flatMap { namespace in
      [role("Role", namespace, rights.rules(in: namespace)), binding("Role", namespace)]
    }
    let cluster = rights.rules(in: nil)
    if !cluster.isEmpty { parts += [role("ClusterRole", nil, cluster), binding("ClusterRole", nil)] }
    return head + parts.joined(separator: "---\n")
  }

  private var head: String {
    var lines = [
      "# What \(account) needs for the environment \(environment): its release as it is now, and what is there."
    ]
    lines += unknown.map { "# Left out, since the cluster has no such kind yet: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func role(_ kind: String, _ namespace: String?, _ rules: [AccessRights.Rule]) -> String {
    opening(kind, namespace) + "rules:\n" + rules.map(Self.rule).joined()
  }

  private static func rule(_ rule: AccessRights.Rule) -> String {
    """
      - apiGroups: ["\(rule.resource.group)"]
        resources: [\(rule.resource.name)]
        verbs: [\(rule.verbs.joined(separator: ", "))]

    """ + (rule.names.isEmpty ? "" : "    resourceNames: [\(rule.names.map(quoted).joined(separator: ", "))]\n")
  }

  /// Names of roles may hold what YAML reads otherwise: `system:node`.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private func binding(_ kind: String, _ namespace: String?) -> String {
    opening("\(kind)Binding", namespace) + """
      roleRef: { apiGroup: rbac.authorization.k8s.io, kind: \(kind), name: \(name(in: namespace)) }
      subjects: [{ kind: ServiceAccount, namespace: \(account.namespace), name: \(account.name) }]

      """
  }

  private func opening(_ kind: String, _ namespace: String?) -> String {
    """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: \(kind)
    metadata: { name: \(name(in: namespace))\(namespace.map { ", namespace: \($0)" } ?? "") }

    """
  }
}
