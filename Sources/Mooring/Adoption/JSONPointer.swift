import Documents

/// Where a field stands, as RFC 6901 has it.
struct JSONPointer {
  let text: String

  /// - Returns: `nil` where an element of the path isn't there.
  init?(_ path: FieldPath, in root: Node) {
    var (text, node) = ("", Optional(root))
    for component in path.components {
      switch component {
      case .key(let key):
        text += "/" + key.replacing("~", with: "~0").replacing("/", with: "~1")
        node = node?[key]
      case .index(let index):
        text += "/\(index)"
        node = node?[index: index]
      case .element:
        let elements = node?.elements ?? []
        let wanted = node?[FieldPath([component])]
        guard let wanted, let index = elements.firstIndex(where: { $0.byteRange == wanted.byteRange }) else {
          return nil
        }
        text += "/\(index)"
        node = wanted
      }
    }
    self.text = text
  }
}
