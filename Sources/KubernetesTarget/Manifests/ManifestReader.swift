import Documents
import Kubernetes
import MooringModel

/// Reads the objects of a release: every document of its YAML and JSON files, those of a `List` one by one.
///
/// Other files, and objects with `config.kubernetes.io/local-config`, are for tools and are passed over.
struct ManifestReader {
  let limits: ManifestLimits
  var cache = ManifestCache()

  /// An object as its file has it.
  struct Object: Sendable {
    let object: KubernetesObject
    let origin: Manifest.Origin
    /// How its name begins, where that is all that its file says of it.
    var prefix: String?
  }

  /// An object before it is known which namespace it goes to.
  struct Draft: Sendable {
    /// As the file has it, perhaps without a namespace.
    let reference: ObjectReference
    let wishes: ManifestWishes
    let source: ManifestSource

    var kind: GroupVersionKind { reference.kind }
    var origin: Manifest.Origin { source.origin }
  }

  /// - Throws: `Fault` that names file and line; of what can't be applied as it is, such as an encrypted document.
  func read(_ contents: any ReleaseContents) throws -> [Draft] {
    var drafts: [Draft] = []
    let files = ManifestFiles(contents: contents, reader: self)
    for file in try contents.files() where isManifest(file) {
      try Task.checkCancellation()
      for (place, object) in try files.objects(at: file.path, file.content).enumerated() {
        let reference = Self.reference(of: object, in: contents.digest, beside: drafts)
        drafts.append(
          Draft(
            reference: reference,
            wishes: try ManifestWishes(object.object.metadata?["annotations"], at: object.origin),
            source: ManifestSource(
              origin: object.origin, content: file.content, place: place, files: files,
              name: object.prefix.map { _ in reference.name })))
      }
      guard drafts.count <= limits.objects else {
        throw Fault(
          .limit, "more than \(limits.objects) objects", at: file.path.string,
          remedy: "divide the environment in several")
      }
    }
    return drafts
  }

  private func isManifest(_ file: ReleaseFile) -> Bool {
    guard file.kind != .link else { return false }
    return [".yaml", ".yml", ".json"].contains { file.path.string.hasSuffix($0) }
  }

  /// The objects of one file.
  func objects(in bytes: [UInt8], of path: RelativePath) throws(Fault) -> [Object] {
    let format: DocumentFormat = path.string.hasSuffix(".json") ? .json : .yaml
    let documents: [Document]
    do { documents = try Document.parse(bytes, as: format) } catch {
      throw Fault(.refusedContent, error.message, at: "\(path):\(error.line)", remedy: "correct it in the repository")
    }
    var objects: [Object] = []
    for (place, document) in documents.enumerated() where document.root.scalar != .null {
      try add(document.root, at: Manifest.Origin(file: path, line: document.root.mark.line, document: place), &objects)
    }
    return objects
  }

  private func add(_ root: Node, at origin: Manifest.Origin, _ objects: inout [Object]) throws(Fault) {
    guard root.kind == .mapping else {
      throw fault("\(root.typeName) where an object should be", origin)
    }
    if let items = root["items"], items.kind == .sequence, root["kind"]?.text.hasSuffix("List") ?? false {
      guard origin.item == nil else { throw fault("a list in a list", origin) }
      for (place, item) in items.elements.enumerated() {
        var part = origin
        (part.line, part.item) = (item.mark.line, place)
        try add(item, at: part, &objects)
      }
      return
    }
    if root["metadata"]?["annotations"]?["config.kubernetes.io/local-config"]?.text == "true" { return }
    try refuseEncrypted(root, origin)
    try refuseOthers(root, origin)
    let prefix = try generatedPrefix(root, origin)
    do {
      let named = try prefix.map { try GeneratedName.set($0, in: root) } ?? root
      objects.append(Object(object: try KubernetesObject(SecretText.encoded(named)), origin: origin, prefix: prefix))
    } catch let error as KubernetesError {
      throw fault(error.message, origin)
    } catch {
      throw fault("\(error)", origin)
    }
  }

  private func generatedPrefix(_ root: Node, _ origin: Manifest.Origin) throws(Fault) -> String? {
    guard let prefix = root["metadata"]?["generateName"]?.text, root["metadata"]?["name"] == nil else { return nil }
    guard try ManifestWishes(root["metadata"]?["annotations"], at: origin).hook != nil else {
      throw fault("`generateName` would make another object each time", origin)
    }
    return prefix
  }

  /// What an object is called, where its file may say only how that begins.
  private static func reference(
    of object: Object, in release: ReleaseDigest, beside drafts: [Draft]
  ) -> ObjectReference {
    let written = object.object.reference
    guard let prefix = object.prefix else { return written }
    let generated = GeneratedName(prefix: prefix, release: release)
    var number = 0
    while true {
      number += 1
      let reference = ObjectReference(written.kind, namespace: written.namespace, name: generated.name(number))
      if !drafts.contains(where: { $0.reference == reference }) { return reference }
    }
  }

  /// What is no object of a cluster, or too large for one.
  private func refuseOthers(_ root: Node, _ origin: Manifest.Origin) throws(Fault) {
    guard root.byteRange.count <= limits.objectBytes else {
      throw Fault(
        .limit, "an object of more than \(limits.objectBytes) bytes", at: origin.description,
        remedy: "divide it in several")
    }
    if root["apiVersion"]?.text.hasPrefix("kustomize.config.k8s.io/") ?? false {
      throw Fault(
        .refusedContent, "a file for kustomize, among plain manifests", at: origin.description,
        remedy: "say `render: kustomize` of the environment")
    }
  }

  /// SOPS keeps its own key beside the fields, with a message authentication code (getsops.io, "Encrypting").
  private func refuseEncrypted(_ root: Node, _ origin: Manifest.Origin) throws(Fault) {
    guard let sops = root["sops"], sops["mac"] != nil || sops["lastmodified"] != nil else { return }
    throw Fault(
      .refusedContent, "encrypted by SOPS, which this version can't decrypt", at: origin.description,
      remedy: "keep the secret out of this environment's inputs, or bring it to the cluster another way")
  }

  private func fault(_ what: String, _ origin: Manifest.Origin) -> Fault {
    Fault(.refusedContent, what, at: origin.description, remedy: "correct it in the repository")
  }
}

/// What the objects of a release may come to.
struct ManifestLimits: Sendable, Hashable {
  var objects = 50_000
  /// Bytes of one object as it is written: the API server takes bodies of 3 MiB, and etcd requests of 1.5 MiB unless it
  /// is told otherwise.
  var objectBytes = 3 << 20
}
