import Documents

extension FieldSet {
  /// Reads `fieldsV1` of managed fields (sigs.k8s.io/structured-merge-diff, `fieldpath/serialize-pe.go`): `f:` a key,
  /// `k:` an element by its keys, `v:` one by its value, `i:` one by its position, `.` the place itself.
  init(fieldsV1 node: Node) throws(KubernetesError) {
    self.init()
    let entries = node.entries
    // A leaf is an empty mapping.
    guard !entries.isEmpty else {
      self.init(isMember: true, children: [:])
      return
    }
    var isMember = false
    var children: [FieldPath.Component: FieldSet] = [:]
    for entry in entries {
      if entry.key == "." {
        isMember = true
      } else {
        children[try Self.component(entry.key)] = try FieldSet(fieldsV1: entry.value)
      }
    }
    self.init(isMember: isMember, children: children)
  }

  private static func component(_ key: String) throws(KubernetesError) -> FieldPath.Component {
    let text = String(key.dropFirst(2))
    switch key.prefix(2) {
    case "f:": return .key(text)
    case "k:": return try element(text)
    case "v:": return .element(key: "", value: try AnswerReader.standard.root(of: Array(text.utf8)).text)
    case "i:":
      guard let index = Int(text) else { break }
      return .index(index)
    default: break
    }
    throw KubernetesError(.malformed, "managed fields name \(PlainText.quoted(key)), which is no path")
  }

  private static func element(_ json: String) throws(KubernetesError) -> FieldPath.Component {
    let entries = try AnswerReader.standard.root(of: Array(json.utf8)).entries
    return .element(
      key: entries.map(\.key).joined(separator: ","), value: entries.map(\.value.text).joined(separator: ","))
  }
}
