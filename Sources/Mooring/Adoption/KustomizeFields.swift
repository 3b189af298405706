import Documents

/// The fields of a kustomization that set fields of objects: `replicas`, `images`, literals of generators, labels.
struct KustomizeFields {
  let kustomization: Kustomization

  func candidates(for change: RenderedChange, _ field: FieldDifference) -> [AdoptionCandidate] {
    guard let new = field.new?.scalar else { return [] }
    let edits =
      replicas(change, field, new) + images(field, new) + literals(change, field, new) + metadata(field, new)
    return edits.compactMap { edits in
      Kustomization.edit(kustomization.bytes, edits).map { AdoptionCandidate(files: [(kustomization.file, $0)]) }
    }
  }

  private func elements(_ key: String) -> [(Int, Node)] {
    (kustomization.root[key]?.elements ?? []).enumerated().map { ($0.offset, $0.element) }
  }

  private func replicas(_ change: RenderedChange, _ field: FieldDifference, _ new: Scalar) -> [[FieldEdit]] {
    guard field.path == FieldPath(keys: "spec", "replicas") else { return [] }
    let names = kustomization.names(of: change.name)
    return elements("replicas").compactMap { place, element in
      guard names.contains(element["name"]?.text ?? "") else { return nil }
      return [set(.scalar(new), at: [.key("replicas"), .index(place), .key("count")])]
    }
  }

  private func images(_ field: FieldDifference, _ new: Scalar) -> [[FieldEdit]] {
    guard field.path.components.last == .key("image"), let image = ImageName(new.text),
      let old = field.old?.scalar.flatMap({ ImageName($0.text) })
    else { return [] }
    return elements("images").compactMap { place, element in
      let name = element["newName"]?.text ?? element["name"]?.text
      guard name == old.name else { return nil }
      let newName = image.name == old.name ? element["newName"]?.text : image.name
      let wanted = [("newName", newName), ("newTag", image.tag), ("digest", image.digest)]
      return wanted.compactMap { key, value in edit(element, [.key("images"), .index(place)], key, value) }
    }
  }

  private func edit(_ element: Node, _ at: [FieldPath.Component], _ key: String, _ value: String?) -> FieldEdit? {
    let path = at + [.key(key)]
    switch (element[key], value) {
    case (let there?, let value?): return there.text == value ? nil : set(.scalar(.string(value)), at: path)
    case (nil, let value?): return FieldEdit(path: FieldPath(path), .add(.scalar(.string(value))))
    case (_?, nil): return FieldEdit(path: FieldPath(path), .remove)
    case (nil, nil): return nil
    }
  }

  /// Literals of a ConfigMap: `KEY=VALUE`.
  private func literals(_ change: RenderedChange, _ field: FieldDifference, _ new: Scalar) -> [[FieldEdit]] {
    guard change.objectKind == "ConfigMap", field.path.components.count == 2, field.path.components[0] == .key("data"),
      case .key(let key) = field.path.components[1]
    else { return [] }
    return elements("configMapGenerator").flatMap { place, generator in
      (generator["literals"]?.elements ?? []).enumerated().compactMap { index, literal -> [FieldEdit]? in
        guard literal.text.hasPrefix(key + "=") else { return nil }
        let path: [FieldPath.Component] = [.key("configMapGenerator"), .index(place), .key("literals"), .index(index)]
        return [set(.scalar(.string("\(key)=\(new.text)")), at: path)]
      }
    }
  }

  private func metadata(_ field: FieldDifference, _ new: Scalar) -> [[FieldEdit]] {
    guard field.path.components.count == 3, field.path.components[0] == .key("metadata"),
      case .key(let key) = field.path.components[2]
    else { return [] }
    let common = field.path.components[1] == .key("labels") ? "commonLabels" : "commonAnnotations"
    guard kustomization.root[common]?[key] != nil else { return [] }
    return [[set(.scalar(new), at: [.key(common), .key(key)])]]
  }

  private func set(_ value: FieldValue, at path: [FieldPath.Component]) -> FieldEdit {
    FieldEdit(path: FieldPath(path), .set(value))
  }
}
