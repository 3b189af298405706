import Documents
import Kubernetes

/// Of an object that somebody made: what they wrote, and not what the server and its controllers added.
///
/// The server records who set which field (kubernetes.io, "Server-Side Apply", field management). What nobody is recorded
/// for, such as an address that was given out, is the server's.
struct WrittenFields {
  private let object: KubernetesObject
  private let namespace: String
  private let ignored: Set<String>

  /// - Parameter namespace: Where objects go whose manifests name none.
  init(of object: KubernetesObject, namespace: String, ignoring ignored: Set<String>) {
    self.object = object
    self.namespace = namespace
    self.ignored = ignored
  }

  func value() throws(KubernetesError) -> FieldValue {
    let written = try FieldOwners(of: object, ours: "", ignoring: ignored).others
    let own = ["apiVersion", "kind", "metadata", "status"]
    let entries = entries(object.root, written, at: .root).filter { !own.contains($0.key) }
    return .mapping(
      [
        .init(key: "apiVersion", value: .scalar(.string("\(object.kind.groupVersion)"))),
        .init(key: "kind", value: .scalar(.string(object.kind.kind))),
        .init(key: "metadata", value: .mapping(metadata(written))),
      ] + entries)
  }

  private func metadata(_ written: FieldSet) -> [FieldValue.Entry] {
    var entries = [FieldValue.Entry(key: "name", value: .scalar(.string(object.name)))]
    if let there = object.namespace, there != namespace {
      entries.append(.init(key: "namespace", value: .scalar(.string(there))))
    }
    guard let metadata = object.root["metadata"] else { return entries }
    let kept = self.entries(
      metadata, written.children[.key("metadata")] ?? FieldSet(), at: FieldPath(keys: "metadata"))
    return entries + kept.filter { ["labels", "annotations"].contains($0.key) && $0.value != .mapping([]) }
  }

  private func entries(_ node: Node, _ written: FieldSet, at path: FieldPath) -> [FieldValue.Entry] {
    node.entries.compactMap { entry in
      let place = path.appending(key: entry.key)
      guard let part = written.children[.key(entry.key)], !part.isEmpty, !ServerFields.contain(place) else {
        return nil
      }
      return .init(key: entry.key, value: value(entry.value, part, at: place))
    }
  }

  private func value(_ node: Node, _ written: FieldSet, at path: FieldPath) -> FieldValue {
    if written.children.isEmpty { return FieldValue(node) }
    switch node.kind {
    case .scalar: return FieldValue(node)
    case .mapping: return .mapping(entries(node, written, at: path))
    case .sequence:
      return .sequence(
        node.elements.enumerated().compactMap { place, element in
          guard let part = Self.part(of: element, in: written), !part.isEmpty else { return nil }
          return value(element, part, at: path.appending(.index(place)))
        })
    }
  }

  /// The server names elements by the fields of its own keys.
  private static func part(of element: Node, in written: FieldSet) -> FieldSet? {
    written.children.first { component, _ in
      guard case .element(let key, let value) = component else { return false }
      return key.isEmpty ? element.text == value : ListKeys.identity(of: element, by: ListKeys.fields(of: key)) == value
    }?.value
  }
}
