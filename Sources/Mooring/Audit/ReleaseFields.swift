import Documents
import MooringModel

/// Fields of the documents of one file, or of one resource, as they may be shown.
struct ReleaseFields {
  let file: RelativePath
  var resource: String?
  let roots: [Node]
  /// `nil` where secrets are to be shown, too.
  let secrets: SecretRules?

  /// - Parameter field: A field's path; empty for everything.
  /// - Throws: `Fault` with the nearest name, where there is no such field.
  func part(_ field: String) throws(Fault) -> ReleasePart {
    let path = try FieldPath(asked: field)
    guard let (root, node) = roots.lazy.compactMap({ root in root[path].map { (root, $0) } }).first else {
      throw missing(field)
    }
    let value = FieldValue(node)
    let shown = shown(value, at: path, of: root)
    let text = shown.scalar.map { $0.text + "\n" } ?? shown.yaml
    return ReleasePart(
      file: file, resource: resource, field: field.isEmpty ? nil : field, content: Array(text.utf8),
      isRedacted: shown != value)
  }

  private func shown(_ value: FieldValue, at path: FieldPath, of root: Node) -> FieldValue {
    guard let secrets else { return value }
    let isSecret = root["kind"]?.scalar?.stringValue == "Secret"
    let isValue = path.components.first.map { [.key("data"), .key("stringData")].contains($0) } ?? false
    if (isSecret && isValue) || secrets.hides(path) || secrets.hides(ObjectName(file), mode: nil) {
      return .scalar(.string(SecretRules.placeholder))
    }
    let plain = secrets.withoutSecrets(value)
    guard isSecret, path.components.isEmpty, case .mapping(let entries) = plain else { return plain }
    return .mapping(
      entries.map { entry in
        guard ["data", "stringData"].contains(entry.key) else { return entry }
        return FieldValue.Entry(key: entry.key, value: .scalar(.string(SecretRules.placeholder)))
      })
  }

  private func missing(_ field: String) -> Fault {
    let known = roots.flatMap { Self.paths(of: $0) }
    let nearest = NearestName.nearest(to: field, among: known).map { "did you mean \($0)?" }
    return Fault(
      .notFound, "there is no field \(field.debugDescription)", at: resource ?? file.string,
      remedy: nearest ?? "leave the field out to see all of it")
  }

  /// Paths that are looked through for the one that was meant.
  private static let mostPaths = 5_000

  private static func paths(of root: Node) -> [String] {
    var found: [String] = []
    var open: [(node: Node, path: FieldPath)] = [(root, .root)]
    while let (node, path) = open.popLast(), found.count < mostPaths {
      if !path.components.isEmpty { found.append(path.description) }
      for entry in node.entries.reversed() { open.append((entry.value, path.appending(key: entry.key))) }
      for (index, element) in node.elements.enumerated().reversed() {
        let name = element["name"]?.scalar.map { FieldPath.Component.element(key: "name", value: $0.text) }
        open.append((element, path.appending(name ?? .index(index))))
      }
    }
    return found
  }
}
