extension Document {
  /// The node at a path, or nil when there is none. The first element that fits is taken for `[field=value]`.
  public subscript(path: FieldPath) -> Node? { root[path] }
}

extension Node {
  /// The node at a path from here.
  public subscript(path: FieldPath) -> Node? {
    var node = self
    for component in path.components {
      guard let next = node[component] else { return nil }
      node = next
    }
    return node
  }

  private subscript(component: FieldPath.Component) -> Node? {
    switch component {
    case .key(let key): self[key]
    case .index(let index): self[index: index]
    case .element(let key, let value):
      elements.first { ListKeys.identity(of: $0, by: ListKeys.fields(of: key))?.isExactly(value) ?? false }
    }
  }
}
