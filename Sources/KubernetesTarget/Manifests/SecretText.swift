import Documents
import FoundationEssentials
import Kubernetes

/// `stringData` of a Secret as the server keeps it.
enum SecretText {
  /// The same Secret with its texts in `data`, where they win over what stands there: `stringData` can only be written, so
  /// it could be neither owned nor compared (Kubernetes API, `Secret`).
  static func encoded(_ root: Node) throws -> Node {
    let texts = root["stringData"]?.entries ?? []
    let isBroken = root["data"]?.entries.contains { $0.value.text.utf8.contains(UInt8(ascii: "\n")) } ?? false
    guard root["kind"]?.text == "Secret", !texts.isEmpty || isBroken, case .mapping(let entries) = FieldValue(root)
    else { return root }
    let names = Set(texts.map(\.key))
    var data = (root["data"]?.entries ?? []).filter { !names.contains($0.key) }.map { entry in
      // The server's reader of base64 passes over line breaks, and so has none to compare with.
      let value = entry.value.scalar?.stringValue.map { FieldValue.scalar(.string($0.filter { !$0.isNewline })) }
      return FieldValue.Entry(key: entry.key, value: value ?? FieldValue(entry.value))
    }
    data += texts.map { entry in
      let encoded = Data(entry.value.text.utf8).base64EncodedString()
      return FieldValue.Entry(key: entry.key, value: .scalar(.string(encoded)))
    }
    let kept = entries.filter { $0.key != "stringData" && $0.key != "data" }
    let body = try JSONBody(FieldValue.mapping(kept + [.init(key: "data", value: .mapping(data))]))
    return try Document.parse(body.bytes, as: .json).first?.root ?? root
  }
}
