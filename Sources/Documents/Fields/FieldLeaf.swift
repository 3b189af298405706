/// A field that has no fields below it, by its path and its value as text.
///
/// Empty mappings and lists are leaves too. Two leaves are equal exactly when path and value are: `"8080"` and `8080`, `1.1`
/// and `1.10` are different values.
public struct FieldLeaf: Sendable, Hashable {
  /// As `FieldPath.description`; empty for a document that is one scalar.
  public var path: String
  /// As `Scalar.display`; `{}` and `[]`.
  public var value: String
  /// What the mapping that it stands in is called by its `name`, `key` or `id`, where its own key is `value`.
  public var label: String?

  public init(path: String, value: String, label: String? = nil) {
    self.path = path
    self.value = value
    self.label = label
  }
}

extension Node {
  /// Every field without fields of its own, in the order of the document, aliases and merge keys written out.
  ///
  /// Elements of a list stand under what identifies them in this list, as far as anything does, and otherwise under their
  /// place: so a field's path says the same in every version of a document in which its list has the same identity.
  public func leaves(listKeys: ListKeys = .standard) -> [FieldLeaf] {
    var collection = LeafCollection(listKeys: listKeys)
    collection.add(self, at: "", listName: nil, label: nil)
    return collection.leaves
  }
}

private struct LeafCollection {
  let listKeys: ListKeys
  var leaves: [FieldLeaf] = []

  mutating func add(_ node: Node, at path: String, listName: String?, label: String?) {
    switch node.kind {
    case .scalar:
      leaves.append(FieldLeaf(path: path, value: (node.scalar ?? .null).display, label: label))
    case .mapping: addMapping(node, at: path)
    case .sequence: addList(node, at: path, listName)
    }
  }

  private mutating func addMapping(_ node: Node, at path: String) {
    let entries = node.entries
    if entries.isEmpty { return leaves.append(FieldLeaf(path: path, value: "{}")) }
    var name: String?
    for entry in entries {
      let key = entry.key
      var label: String?
      if key == "value" {
        name = name ?? ["name", "key", "id"].lazy.compactMap { node[$0]?.text }.first { !$0.isEmpty }
        label = name
      }
      add(entry.value, at: FieldPath.path(path, below: .key(key)), listName: key, label: label)
    }
  }

  private mutating func addList(_ node: Node, at path: String, _ name: String?) {
    let elements = node.elements
    if elements.isEmpty { return leaves.append(FieldLeaf(path: path, value: "[]")) }
    let fields = listKeys.fields(forList: name, elements, [])
    for (place, element) in elements.enumerated() {
      var component = FieldPath.Component.index(place)
      if let fields, let identity = ListKeys.identity(of: element, by: fields) {
        component = .element(key: ListKeys.name(of: fields), value: identity)
      }
      add(element, at: FieldPath.path(path, below: component), listName: nil, label: nil)
    }
  }
}
