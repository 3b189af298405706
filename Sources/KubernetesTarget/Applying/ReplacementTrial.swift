import Documents
import Kubernetes

/// Has the server say what it would make of an object that is to be deleted and made again, before the one that is there
/// is deleted: a dry run of making it under another name.
struct ReplacementTrial {
  let client: APIClient
  let owner: ObjectOwner

  /// - Throws: What the server says to the new object; nothing where its kind can't be tried.
  func check(_ manifest: Manifest) async throws(KubernetesError) {
    let kind = manifest.reference.kind
    // Its name says what it is, and what it is is there already.
    if kind.groupKind == GroupKind(group: "apiregistration.k8s.io", kind: "APIService") { return }
    let word = "mooring-trial-" + String(UInt32.random(in: 1 << 28 ... .max), radix: 36)
    let isDefinition = kind.groupKind == .customResourceDefinition
    let name = try isDefinition ? word + "." + (manifest.root["spec"]?["group"]?.text ?? "") : word
    let body = Self.renamed(try ApplyBody.fields(manifest, owner: owner), name, kind.groupKind, word)
    do {
      _ = try await client.create(
        JSONBody(body), as: ObjectReference(kind, namespace: manifest.reference.namespace, name: name),
        WriteOptions(fieldManager: owner.manager, isDryRun: true, fieldValidation: .strict))
    } catch {
      // Its place in a quota is the old one's.
      if error.code == .forbidden, error.message.contains("exceeded quota") { return }
      var refusal = error
      refusal.request = "replace \(manifest.reference)"
      throw refusal
    }
  }

  /// With another name, and without what only one object at a time can have.
  private static func renamed(_ object: FieldValue, _ name: String, _ kind: GroupKind, _ word: String) -> FieldValue {
    let object = object.changing("metadata") { $0.setting("name", name) }
    switch (kind.group, kind.kind) {
    case ("", "Service"): return object.changing("spec", unbound)
    case (GroupKind.customResourceDefinition.group, GroupKind.customResourceDefinition.kind):
      return object.changing("spec") { $0.changing("names") { $0.setting("plural", word) } }
    default: return object
    }
  }

  /// A Service without the addresses and ports of the cluster that it asks for: the old one has them.
  private static func unbound(_ spec: FieldValue) -> FieldValue {
    let isHeadless = spec["clusterIP"]?.scalar?.text == "None"
    let own = ["healthCheckNodePort"] + (isHeadless ? [] : ["clusterIP", "clusterIPs"])
    return spec.removing(own).changing("ports") { ports in
      guard case .sequence(let elements) = ports else { return ports }
      return .sequence(elements.map { $0.removing(["nodePort"]) })
    }
  }
}
