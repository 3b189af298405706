import Documents

/// Fields of objects that an API server refuses to change, and so to change back.
///
/// Source: the validation of updates in Kubernetes' own API, as its
/// [reference](https://kubernetes.io/docs/reference/kubernetes-api/) describes it for each kind.
struct ImmutableFieldRules {
  let files: [Change.File]

  private static let workloads: Set = ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"]
  private static let fields: [String: [[String]]] = [
    "Deployment": [["spec", "selector"]], "ReplicaSet": [["spec", "selector"]], "DaemonSet": [["spec", "selector"]],
    "StatefulSet": [
      ["spec", "selector"], ["spec", "serviceName"], ["spec", "podManagementPolicy"], ["spec", "volumeClaimTemplates"],
    ],
    "Job": [["spec", "selector"], ["spec", "template"], ["spec", "completionMode"]],
    "PersistentVolumeClaim": [
      ["spec", "accessModes"], ["spec", "storageClassName"], ["spec", "volumeName"], ["spec", "volumeMode"],
      ["spec", "selector"],
    ],
    "StorageClass": [["provisioner"], ["parameters"], ["reclaimPolicy"], ["volumeBindingMode"]],
    "RoleBinding": [["roleRef"]], "ClusterRoleBinding": [["roleRef"]], "Secret": [["type"]],
    "CustomResourceDefinition": [["spec", "group"], ["spec", "scope"], ["spec", "names", "plural"]],
    "PriorityClass": [["value"]], "IngressClass": [["spec", "controller"]],
  ]

  var findings: [Finding] { ChangedObjects(files).pairs.flatMap(findings) }

  private func findings(in pair: ChangedObjects.Pair) -> [Finding] {
    guard let base = pair.base else { return [] }
    guard let head = pair.head else { return pair.kind == "PersistentVolumeClaim" ? [removed(pair)] : [] }
    var found = (Self.fields[pair.kind] ?? []).compactMap { path -> Finding? in
      let field = FieldPath(path.map(FieldPath.Component.key))
      guard let old = base[field] else { return nil }
      guard FieldValue(old) != head[field].map({ FieldValue($0) }) else { return nil }
      return Finding(
        .fieldImmutable, at: Self.place(pair, field),
        "\(field) of \(pair.description) can't be changed, or changed back")
    }
    if let frozen = frozen(pair, base, head) { found.append(frozen) }
    if let grown = grown(pair, base, head) { found.append(grown) }
    return found
  }

  private func removed(_ pair: ChangedObjects.Pair) -> Finding {
    Finding(
      .dataDestroyed, at: Place(file: pair.path),
      "\(pair.description) goes, and its volume may go with it: going back makes an empty one",
      fix: "keep the claim until nobody can go back to a release that needs what is in it")
  }

  /// `immutable: true` can't be taken back, and fixes the data.
  private func frozen(_ pair: ChangedObjects.Pair, _ base: Node, _ head: Node) -> Finding? {
    guard pair.kind == "ConfigMap" || pair.kind == "Secret" else { return nil }
    let (was, willBe) = (base["immutable"]?.scalar?.boolValue ?? false, head["immutable"]?.scalar?.boolValue ?? false)
    let field = FieldPath(keys: "immutable")
    if willBe, !was {
      return Finding(.fieldImmutable, at: Self.place(pair, field), "\(pair.description) becomes immutable for good")
    }
    let data = ["data", "binaryData", "stringData"]
    guard was, data.contains(where: { base[$0].map { FieldValue($0) } != head[$0].map { FieldValue($0) } }) else {
      return nil
    }
    return Finding(.fieldImmutable, at: Self.place(pair, field), "the data of \(pair.description) is immutable")
  }

  /// A claim grows and never shrinks.
  private func grown(_ pair: ChangedObjects.Pair, _ base: Node, _ head: Node) -> Finding? {
    let field = FieldPath(keys: "spec", "resources", "requests", "storage")
    guard pair.kind == "PersistentVolumeClaim", let old = base[field]?.text, let new = head[field]?.text, old != new
    else {
      return nil
    }
    return Finding(
      .fieldImmutable, at: Self.place(pair, field),
      "the storage of \(pair.description) goes from \(old) to \(new), and a claim never shrinks",
      fix: "ship the size by itself, so that a revert of anything else leaves it alone")
  }

  static func place(_ pair: ChangedObjects.Pair, _ field: FieldPath) -> Place {
    Place(file: pair.path, line: (pair.head?[field] ?? pair.head)?.mark.line, field: field.description)
  }
}
