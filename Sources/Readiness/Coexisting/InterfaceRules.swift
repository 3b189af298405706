import Documents

/// Interfaces that two versions of an application have to share while one replaces the other: documents of OpenAPI, and
/// definitions of custom resources.
struct InterfaceRules {
  let files: [Change.File]

  var findings: [Finding] {
    ChangedObjects(files).pairs.flatMap { pair -> [Finding] in
      guard let base = pair.base else { return [] }
      if pair.kind == "CustomResourceDefinition" { return definition(pair, base) }
      if base["openapi"] != nil || base["swagger"] != nil { return interface(pair, base) }
      return []
    }
  }

  // MARK: OpenAPI

  private static let verbs = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

  private func interface(_ pair: ChangedObjects.Pair, _ base: Node) -> [Finding] {
    guard let head = pair.head else {
      return [Finding(.apiRemoved, at: Place(file: pair.path), "the description of an interface is gone")]
    }
    var comparison = SchemaComparison(base: base, head: head, path: pair.path)
    for path in base["paths"]?.entries ?? [] {
      let place = FieldPath(keys: "paths", path.key)
      guard let after = head["paths"]?[path.key] else {
        comparison.add(.apiRemoved, head["paths"] ?? head, place, "the path \(path.key) is gone")
        continue
      }
      for verb in Self.verbs {
        guard let old = path.value[verb] else { continue }
        let place = place.appending(key: verb)
        guard let new = after[verb] else {
          comparison.add(.apiRemoved, after, place, "\(verb.uppercased()) \(path.key) is gone")
          continue
        }
        compare(old, new, place, "\(verb.uppercased()) \(path.key)", &comparison)
      }
    }
    return comparison.findings
  }

  private func compare(
    _ old: Node, _ new: Node, _ place: FieldPath, _ operation: String, _ comparison: inout SchemaComparison
  ) {
    parameters(old, new, place, operation, &comparison)
    for body in old["requestBody"]?["content"]?.entries ?? [] {
      let field = place.appending(key: "requestBody").appending(key: body.key)
      guard let after = new["requestBody"]?["content"]?[body.key] else {
        comparison.add(.apiNarrowed, new, field, "\(operation) no longer takes \(body.key)")
        continue
      }
      guard let before = body.value["schema"], let now = after["schema"] else { continue }
      comparison.compare(before, now, at: field, .input)
    }
    if new["requestBody"]?["required"]?.scalar?.boolValue == true,
      old["requestBody"]?["required"]?.scalar?.boolValue != true
    {
      comparison.add(
        .apiRequires, new["requestBody"] ?? new, place.appending(key: "requestBody"), "\(operation) requires a body")
    }
    responses(old, new, place, &comparison)
  }

  private func responses(_ old: Node, _ new: Node, _ place: FieldPath, _ comparison: inout SchemaComparison) {
    for response in old["responses"]?.entries ?? [] where response.key.hasPrefix("2") {
      for body in response.value["content"]?.entries ?? [] {
        let field = place.appending(key: "responses").appending(key: response.key).appending(key: body.key)
        guard let after = new["responses"]?[response.key]?["content"]?[body.key] else {
          comparison.add(.apiRemoved, new, field, "the answer \(response.key) as \(body.key) is gone")
          continue
        }
        guard let before = body.value["schema"], let now = after["schema"] else { continue }
        comparison.compare(before, now, at: field, .output)
      }
    }
  }

  private func parameters(
    _ old: Node, _ new: Node, _ place: FieldPath, _ operation: String, _ comparison: inout SchemaComparison
  ) {
    let before = named(old, in: comparison.base)
    for (key, parameter) in named(new, in: comparison.head) {
      let field = place.appending(key: "parameters").appending(.element(key: "name", value: key.name))
      if let known = before[key] {
        if let was = known["schema"], let now = parameter["schema"] {
          comparison.compare(was, now, at: field, .input)
        }
        if known["required"]?.scalar?.boolValue == true { continue }
      }
      if parameter["required"]?.scalar?.boolValue == true {
        comparison.add(.apiRequires, parameter, field, "\(operation) requires the parameter \(key.name)")
      }
    }
    let after = Set(named(new, in: comparison.head).keys)
    for key in before.keys where !after.contains(key) {
      let field = place.appending(key: "parameters").appending(.element(key: "name", value: key.name))
      comparison.add(.apiRemoved, new, field, "\(operation) no longer takes the parameter \(key.name)")
    }
  }

  private struct ParameterName: Hashable { var name, place: String }

  private func named(_ operation: Node, in root: Node) -> [ParameterName: Node] {
    var named: [ParameterName: Node] = [:]
    for parameter in operation["parameters"]?.elements ?? [] {
      guard let parameter = SchemaComparison.resolved(parameter, in: root) else { continue }
      named[ParameterName(name: parameter["name"]?.text ?? "", place: parameter["in"]?.text ?? "")] = parameter
    }
    return named
  }

  // MARK: Custom resources

  private func definition(_ pair: ChangedObjects.Pair, _ base: Node) -> [Finding] {
    guard let head = pair.head else {
      return [
        Finding(
          .versionRemoved, at: Place(file: pair.path), "\(pair.name) is no longer defined, and its objects go with it")
      ]
    }
    var comparison = SchemaComparison(base: base, head: head, path: pair.path)
    let before = versions(base), after = versions(head)
    for (name, old) in before.sorted(by: { $0.key < $1.key }) {
      let field = FieldPath(keys: "spec", "versions").appending(.element(key: "name", value: name))
      let isServed = { (node: Node) in node["served"]?.scalar?.boolValue ?? true }
      guard let new = after[name], isServed(new) else {
        if isServed(old) {
          comparison.add(
            .versionRemoved, after[name] ?? head["spec"] ?? head, field, "\(pair.name) is no longer served as \(name)")
        }
        continue
      }
      if let was = old["schema"]?["openAPIV3Schema"], let now = new["schema"]?["openAPIV3Schema"] {
        comparison.compare(was, now, at: field.appending(key: "schema").appending(key: "openAPIV3Schema"), .both)
      }
    }
    let stored = { (versions: [String: Node]) in versions.first { $0.value["storage"]?.scalar?.boolValue == true } }
    if let old = stored(before), let new = stored(after), old.key != new.key {
      let field = FieldPath(keys: "spec", "versions").appending(.element(key: "name", value: new.key))
      comparison.add(
        .storageVersionChanged, new.value, field.appending(key: "storage"),
        "\(pair.name) is stored as \(new.key), and no longer as \(old.key): what is written so stays so")
    }
    return comparison.findings
  }

  private func versions(_ definition: Node) -> [String: Node] {
    let versions = definition["spec"]?["versions"]?.elements ?? []
    return Dictionary(versions.map { ($0["name"]?.text ?? "", $0) }) { first, _ in first }
  }
}
