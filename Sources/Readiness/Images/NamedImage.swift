public import Documents

/// An image that a document names, and where.
public struct NamedImage: Hashable, Sendable {
  public var text: String
  public var field: FieldPath
  public var line: Int

  /// The images of a file: `image` of containers and of other objects of Kubernetes, of the services of a compose file,
  /// `image` with `repository` and `tag` of a chart's values, and what a kustomization puts in place of others.
  ///
  /// - Throws: `DocumentError`, where a file of YAML or JSON can't be read.
  public static func all(in bytes: [UInt8], path: String) throws(DocumentError) -> [NamedImage] {
    let format = DocumentFormat.detect(path: path, bytes: bytes)
    guard format == .yaml || format == .json else { return [] }
    var images: [NamedImage] = []
    for document in try Document.parse(bytes, as: format) {
      if document.root["kind"]?.text == "Kustomization" || isKustomization(path) {
        images += replacements(in: document.root)
      } else {
        collect(document.root, .root, into: &images)
      }
    }
    return images
  }

  static func isKustomization(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization"
  }

  private static func collect(_ node: Node, _ path: FieldPath, into images: inout [NamedImage]) {
    for (index, element) in node.elements.enumerated() {
      let name = element["name"]?.scalar?.stringValue
      collect(
        element, path.appending(name.map { .element(key: "name", value: $0) } ?? .index(index)), into: &images)
    }
    for entry in node.entries {
      let field = path.appending(key: entry.key)
      if entry.key == "image" {
        if let text = entry.value.scalar?.stringValue, !text.isEmpty {
          images.append(NamedImage(text: text, field: field, line: entry.value.mark.line))
          continue
        }
        if let image = values(entry.value, field) {
          images.append(image)
          continue
        }
      }
      collect(entry.value, field, into: &images)
    }
  }

  /// `image: { repository, tag, digest }`
  private static func values(_ node: Node, _ field: FieldPath) -> NamedImage? {
    guard let repository = node["repository"]?.scalar?.stringValue, !repository.isEmpty else { return nil }
    let registry = node["registry"]?.scalar?.stringValue.map { $0.isEmpty ? "" : $0 + "/" } ?? ""
    let text = joined(registry + repository, node, tag: "tag")
    return NamedImage(text: text, field: field, line: (node["tag"] ?? node["repository"] ?? node).mark.line)
  }

  private static func replacements(in root: Node) -> [NamedImage] {
    (root["images"]?.elements ?? []).enumerated().compactMap { index, node in
      guard let name = node["name"]?.text, node["newTag"] != nil || node["digest"] != nil || node["newName"] != nil
      else {
        return nil
      }
      return NamedImage(
        text: joined(node["newName"]?.text ?? name, node, tag: "newTag"),
        field: FieldPath(keys: "images").appending(.element(key: "name", value: name)),
        line: (node["newTag"] ?? node).mark.line)
    }
  }

  private static func joined(_ name: String, _ node: Node, tag: String) -> String {
    let tag = node[tag].flatMap { $0.text.isEmpty ? nil : ":" + $0.text } ?? ""
    let digest = node["digest"].flatMap { $0.text.isEmpty ? nil : "@" + $0.text } ?? ""
    return name + tag + digest
  }

  /// Names of images for which a kustomization has others.
  public static func replaced(by bytes: [UInt8]) throws(DocumentError) -> Set<String> {
    var names: Set<String> = []
    for document in try Document.parse(bytes, as: .yaml) {
      for node in document.root["images"]?.elements ?? [] { node["name"].map { _ = names.insert($0.text) } }
    }
    return names
  }
}
