import Documents
import FoundationEssentials
import Kubernetes

/// `stringData` of a Secret as the server keeps it.
enum SecretText {
  /// The same Secret with its texts in `data`, where they win over what stands there: `stringData` can only be written, so
  /// it could be neither owned nor compared (Kubernetes API, `Secret`).
  static func encoded(_ root: Node) throws -> Node {
    guard root["kind"]?.text == "Secret", let texts = root["stringData"], texts.kind == .mapping,
      case .mapping(let entries) = FieldValue(root)
    else { return root }
    var data = root["data"]?.entries.map { FieldValue.Entry(key: $0.key, value: FieldValue($0.value)) } ?? []
    let names = Set(texts.entries.map(\.key))
    data.removeAll { names.contains($0.key) }
    data += texts.entries.map { entry in
      let encoded = Data(entry.value.text.utf8).base64EncodedString()
      return FieldValue.Entry(key: entry.key, value: .scalar(.string(encoded)))
    }
    let kept = entries.filter { $0.key != "stringData" && $0.key != "data" }
    let body = try JSONBody(FieldValue.mapping(kept + [.init(key: "data", value: .mapping(data))]))
    return try Document.parse(body.bytes, as: .json).first?.root ?? root
  }
}
