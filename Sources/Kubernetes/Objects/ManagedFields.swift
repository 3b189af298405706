import Documents

/// Which fields one manager set, and when it last did.
public struct ManagedFields: Hashable, Sendable {
  public enum Operation: String, Hashable, Sendable {
    /// Server-side apply.
    case apply = "Apply"
    /// Everything else.
    case update = "Update"
  }

  /// `kubectl-edit`, `kube-controller-manager`, …; chosen by the client, and so no proof.
  public let manager: String
  public let operation: Operation
  /// In which version the fields are named.
  public let apiVersion: String
  /// In RFC 3339, by the server's clock, without fractions. It changes when the set of fields or a value of them does; 1.20
  /// leaves it as it is where only a value changes.
  public let time: String?
  /// `status`, `scale`; servers before 1.22 don't say.
  public let subresource: String?
  public let fields: FieldSet

  init(_ node: Node) throws(KubernetesError) {
    guard let manager = node["manager"]?.text,
      let operation = node["operation"].flatMap({ Operation(rawValue: $0.text) }),
      node["fieldsType"]?.text == "FieldsV1"
    else { throw KubernetesError(.malformed, "managed fields of an unknown form") }
    self.manager = manager
    self.operation = operation
    apiVersion = node["apiVersion"]?.text ?? ""
    time = node["time"]?.scalar?.stringValue
    subresource = node["subresource"]?.scalar?.stringValue
    fields =
      try node["fieldsV1"].map { (node) throws(KubernetesError) in
        try node.entries.isEmpty ? FieldSet() : FieldSet(fieldsV1: node)
      } ?? FieldSet()
  }
}

extension KubernetesObject {
  /// Who set which fields.
  ///
  /// - Throws: `malformed` where they are of a form that isn't known.
  public var managedFields: [ManagedFields] {
    get throws(KubernetesError) {
      var result: [ManagedFields] = []
      for node in metadata?["managedFields"]?.elements ?? [] { result.append(try ManagedFields(node)) }
      return result
    }
  }
}
