import Crypto
import Documents
import MooringModel

/// A Kubernetes object of a release.
struct RenderedObject {
  let apiVersion: String
  let kind: String
  let namespace: String?
  let name: String
  let value: FieldValue

  /// - Throws: `Fault`, where the node isn't an object with an identity.
  init(_ node: Node) throws(Fault) {
    let (metadata, what) = (node["metadata"], Self.words(for: node))
    guard let apiVersion = node["apiVersion"]?.scalar?.stringValue, let kind = node["kind"]?.scalar?.stringValue,
      Self.isWord(kind), apiVersion.split(separator: "/").allSatisfy(Self.isWord), !apiVersion.isEmpty
    else { throw Self.refused("\(what) has no `apiVersion` and `kind` that name a kind of object") }
    guard let name = metadata?["name"]?.scalar?.stringValue, !name.isEmpty else {
      throw Self.refused("\(what) has no `metadata.name`: a release holds the same objects each time")
    }
    let namespace = metadata?["namespace"].flatMap { $0.scalar == .null ? nil : $0.text } ?? ""
    guard namespace.isEmpty || Self.isWord(namespace) else { throw Self.refused("\(what) has a malformed namespace") }
    guard name.utf8.count <= 253, !name.contains("/"), !name.utf8.contains(0) else {
      throw Self.refused("\(what) has a name that can't be one")
    }
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace.isEmpty ? nil : namespace
    self.name = name
    value = FieldValue(node)
  }

  /// `NAMESPACE/KIND.GROUP/NAME.yaml`, kind and group as kubectl names them: `shop/deployment.apps/web.yaml`; `_` stands
  /// for no namespace. Two objects never have the same path.
  var path: String {
    let group = apiVersion.contains("/") ? "." + apiVersion.prefix { $0 != "/" } : ""
    return "\(namespace ?? "_")/\(kind.lowercased())\(group)/\(Self.fileName(name)).yaml"
  }

  var description: String { "\(kind.prefix(80)) \((namespace.map { $0 + "/" } ?? "") + name.prefix(120))" }

  /// A name as a file's: bytes that could be anything but part of a name are written as `%3A`, and a long name is cut and
  /// ends in its digest.
  private static func fileName(_ name: String) -> String {
    var file = ""
    for byte in name.utf8 {
      let isPlain = isPlain(byte) && !(file.isEmpty && byte == UInt8(ascii: "."))
      file +=
        isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
    }
    guard file.utf8.count > 240 else { return file }
    let digest = SHA256.hash(data: Array(name.utf8)).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return file.prefix(200) + "%" + digest.joined()
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_.".utf8.contains(byte)
  }

  /// Letters, digits, `-` and `.`, as names of kinds, groups and namespaces are made of.
  private static func isWord(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.count <= 253 && text.utf8.first != UInt8(ascii: ".")
      && text.utf8.allSatisfy { isPlain($0) && $0 != UInt8(ascii: "_") }
  }

  /// What an object that lacks something is called in an error.
  private static func words(for node: Node) -> String {
    let kind = node["kind"]?.text ?? ""
    let name = node["metadata"]?["name"]?.text ?? ""
    let words = [kind, name].filter { !$0.isEmpty }.joined(separator: " ")
    return words.isEmpty ? "what is printed at line \(node.mark.line)" : String(words.prefix(200))
  }

  private static func refused(_ what: String) -> Fault {
    Fault(.refusedContent, what, remedy: "correct what the renderer prints, and commit that")
  }
}
