import Documents

/// What one JSON schema of OpenAPI takes away from another.
struct SchemaComparison {
  /// Which way values go.
  enum Way { case input, output, both }

  let base: Node
  let head: Node
  let path: String
  private(set) var findings: [Finding] = []
  private var seen: Set<String> = []
  /// A hostile schema may refer to itself for ever.
  private static let (deepest, most) = (64, 500)

  /// - Parameters: The whole documents, in which `$ref` is looked up.
  init(base: Node, head: Node, path: String) {
    self.base = base
    self.head = head
    self.path = path
  }

  mutating func compare(_ old: Node, _ new: Node, at field: FieldPath, _ way: Way, depth: Int = 0) {
    guard depth < Self.deepest, findings.count < Self.most else { return }
    if let (name, other) = pair(old, new), !seen.insert("\(name) \(other) \(way)").inserted { return }
    guard let old = Self.resolved(old, in: base), let new = Self.resolved(new, in: head) else { return }
    compareTypes(old, new, field, way)
    compareProperties(old, new, field, way, depth)
    compareRequired(old, new, field, way)
    if way != .output { compareLimits(old, new, field) }
    for key in ["items", "additionalProperties"] {
      guard let before = old[key], let after = new[key], before.kind == .mapping, after.kind == .mapping else {
        continue
      }
      compare(before, after, at: field.appending(key: key), way, depth: depth + 1)
    }
  }

  private func pair(_ old: Node, _ new: Node) -> (String, String)? {
    guard let name = old["$ref"]?.text, let other = new["$ref"]?.text else { return nil }
    return (name, other)
  }

  /// Follows `#/components/schemas/Order`; `nil` for what leads out of the document.
  static func resolved(_ node: Node, in root: Node) -> Node? {
    var node = node
    for _ in 0..<16 {
      guard let reference = node["$ref"]?.text else { return node }
      guard reference.hasPrefix("#/") else { return nil }
      var target: Node? = root
      for part in reference.dropFirst(2).split(separator: "/") {
        let key = String(part).replacing("~1", with: "/").replacing("~0", with: "~")
        target = target?[key]
      }
      guard let target else { return nil }
      node = target
    }
    return nil
  }

  // MARK: The parts of a schema

  private mutating func compareTypes(_ old: Node, _ new: Node, _ field: FieldPath, _ way: Way) {
    let (before, after) = (Self.types(old), Self.types(new))
    if !before.isEmpty, !after.isEmpty {
      let lost = before.filter { type in !after.contains(type) && !(type == "integer" && after.contains("number")) }
      if !lost.isEmpty && way != .output || way != .input && before != after && !after.subtracting(before).isEmpty {
        add(.apiNarrowed, new, field, "\(name(field)) was \(Self.list(before)), and is \(Self.list(after))")
      }
    }
    let values = { (node: Node) in Set(node["enum"]?.elements.map(\.text) ?? []) }
    let gone = values(old).subtracting(values(new))
    if way != .output, !values(new).isEmpty, !gone.isEmpty || old["enum"] == nil {
      let what = gone.isEmpty ? "takes \(Self.list(values(new))) alone" : "no longer takes \(Self.list(gone))"
      add(.apiNarrowed, new, field, "\(name(field)) \(what)")
    }
  }

  private mutating func compareProperties(_ old: Node, _ new: Node, _ field: FieldPath, _ way: Way, _ depth: Int) {
    for entry in old["properties"]?.entries ?? [] {
      let place = field.appending(key: "properties").appending(key: entry.key)
      if let after = new["properties"]?[entry.key] {
        compare(entry.value, after, at: place, way, depth: depth + 1)
      } else {
        add(.apiRemoved, new, place, "\(name(place)) is gone")
      }
    }
  }

  private mutating func compareRequired(_ old: Node, _ new: Node, _ field: FieldPath, _ way: Way) {
    let required = { (node: Node) in Set(node["required"]?.elements.map(\.text) ?? []) }
    if way != .output {
      for key in required(new).subtracting(required(old)).sorted() where new["properties"]?[key]?["default"] == nil {
        let place = field.appending(key: "properties").appending(key: key)
        add(.apiRequires, new["required"] ?? new, place, "\(name(place)) is required from here on")
      }
    }
    if way == .output {
      for key in required(old).subtracting(required(new)).sorted() where new["properties"]?[key] != nil {
        let place = field.appending(key: "properties").appending(key: key)
        add(.apiRemoved, new, place, "\(name(place)) was always there, and may be missing")
      }
    }
  }

  private mutating func compareLimits(_ old: Node, _ new: Node, _ field: FieldPath) {
    for (key, isUpper) in [
      ("maxLength", true), ("maximum", true), ("maxItems", true), ("minLength", false), ("minimum", false),
      ("minItems", false),
    ] {
      guard let after = new[key]?.scalar?.doubleValue else { continue }
      let before = old[key]?.scalar?.doubleValue
      guard before.map({ isUpper ? after < $0 : after > $0 }) ?? true else { continue }
      let was = before == nil ? "" : ", which was \(old[key]?.text ?? "")"
      add(
        .apiNarrowed, new[key] ?? new, field.appending(key: key),
        "\(name(field)) has \(key) \(new[key]?.text ?? "")\(was)")
    }
    if let pattern = new["pattern"], pattern.text != old["pattern"]?.text {
      add(.apiNarrowed, pattern, field.appending(key: "pattern"), "\(name(field)) has to match another pattern")
    }
  }

  // MARK: Words

  mutating func add(_ rule: Rule, _ node: Node, _ field: FieldPath, _ why: String) {
    guard findings.count < Self.most else { return }
    findings.append(Finding(rule, at: Place(file: path, line: node.mark.line, field: field.description), why))
  }

  /// The last key of a path that a person gave a name.
  private func name(_ field: FieldPath) -> String {
    let words: Set = ["properties", "items", "schema", "additionalProperties"]
    for case .key(let key) in field.components.reversed() where !words.contains(key) { return key }
    return "the document"
  }

  private static func types(_ node: Node) -> Set<String> {
    guard let type = node["type"] else { return [] }
    return type.kind == .sequence ? Set(type.elements.map(\.text)) : [type.text]
  }

  private static func list(_ names: Set<String>) -> String { names.sorted().joined(separator: ", ") }
}
