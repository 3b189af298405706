import Documents

/// A container image that a field names: what is called `image` and reads as one, in manifests as in Compose files.
struct ImageReference {
  var path: FieldPath
  var text: String

  /// The images in a value, at whatever depth.
  static func all(in value: FieldValue, at path: FieldPath) -> [ImageReference] {
    switch value {
    case .scalar(let scalar):
      guard path.components.last == .key("image"), let text = scalar.stringValue, ImageName(text) != nil else {
        return []
      }
      return [ImageReference(path: path, text: text)]
    case .mapping(let entries): return entries.flatMap { all(in: $0.value, at: path.appending(key: $0.key)) }
    case .sequence(let values):
      return values.enumerated().flatMap { all(in: $1, at: path.appending(component(of: $1, at: $0))) }
    }
  }

  /// An element of a list as differences name it: containers by their name.
  private static func component(of value: FieldValue, at index: Int) -> FieldPath.Component {
    guard case .mapping(let entries) = value,
      let name = entries.first(where: { $0.key == "name" })?.value.scalar
    else { return .index(index) }
    return .element(key: "name", value: name.text)
  }
}
