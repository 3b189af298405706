import Documents
import Kubernetes

/// A live object seen through a manifest: the fields that the manifest sets, as they are, and what others added inside
/// them.
///
/// Defaults, and what controllers write, are in neither: nobody set them by hand. Equal amounts in other spellings
/// (`1000m` and `1`) count as the manifest's.
struct Projection: Sendable, Hashable {
  /// What the manifest says.
  let expected: FieldValue
  /// What is there instead; equal to `expected` where nothing differs.
  let found: FieldValue

  /// - Parameters:
  ///   - additions: Fields that others have set, as the object's managed fields tell.
  ///   - ignored: Fields of which nothing is said.
  init(of manifest: Node, on live: Node, additions: FieldSet, ignoring ignored: [FieldPath] = []) {
    let walk = ProjectionWalk(ignored: ignored)
    expected = walk.expected(manifest, at: .root) ?? .mapping([])
    found = walk.found(manifest, live, additions, at: .root) ?? .mapping([])
  }

  var isEqual: Bool { expected == found }
}

/// Walks a manifest and a live object side by side; as deep as the manifest, whose depth is bounded.
private struct ProjectionWalk {
  let ignored: [FieldPath]

  /// Of the manifest, what is compared.
  func expected(_ manifest: Node, at path: FieldPath) -> FieldValue? {
    if isLeftOut(path) { return nil }
    guard manifest.kind == .mapping else { return FieldValue(manifest) }
    return .mapping(
      manifest.entries.compactMap { entry in
        expected(entry.value, at: path.appending(key: entry.key)).map { .init(key: entry.key, value: $0) }
      })
  }

  /// Of the live object, what stands where the manifest sets something.
  func found(_ manifest: Node, _ live: Node, _ additions: FieldSet?, at path: FieldPath) -> FieldValue? {
    if isLeftOut(path) { return nil }
    switch (manifest.kind, live.kind) {
    case (.mapping, .mapping): return mapping(manifest, live, additions, at: path)
    case (.sequence, .sequence): return sequence(manifest, live, additions, at: path)
    default: return FieldValue(Equivalence.areSame(manifest, live, at: path) ? manifest : live)
    }
  }

  private func isLeftOut(_ path: FieldPath) -> Bool {
    ServerFields.contain(path) || ignored.contains { path.isInside($0) }
  }

  // MARK: Mappings

  private func mapping(_ manifest: Node, _ live: Node, _ additions: FieldSet?, at path: FieldPath) -> FieldValue {
    var entries: [FieldValue.Entry] = []
    for entry in manifest.entries {
      let place = path.appending(key: entry.key)
      if isLeftOut(place) { continue }
      if let value = live[entry.key] {
        let added = additions?.children[.key(entry.key)]
        if let value = found(entry.value, value, added, at: place) {
          entries.append(.init(key: entry.key, value: value))
        }
      } else if Equivalence.isNothing(entry.value) {
        // The server leaves out what is empty.
        entries.append(.init(key: entry.key, value: FieldValue(entry.value)))
      }
    }
    for entry in live.entries where manifest[entry.key] == nil {
      let added = additions?.children[.key(entry.key)]
      if let value = self.added(entry.value, added, at: path.appending(key: entry.key)) {
        entries.append(.init(key: entry.key, value: value))
      }
    }
    return .mapping(entries)
  }

  /// What others added where the manifest has nothing: of a mapping that holds more than theirs, only that.
  private func added(_ live: Node, _ additions: FieldSet?, at path: FieldPath) -> FieldValue? {
    guard let additions, !additions.isEmpty, !isLeftOut(path) else { return nil }
    guard live.kind == .mapping, !additions.children.isEmpty else { return FieldValue(live) }
    let entries = live.entries.compactMap { entry in
      added(entry.value, additions.children[.key(entry.key)], at: path.appending(key: entry.key))
        .map { FieldValue.Entry(key: entry.key, value: $0) }
    }
    return entries.isEmpty ? nil : .mapping(entries)
  }

  // MARK: Lists

  private func sequence(_ manifest: Node, _ live: Node, _ additions: FieldSet?, at path: FieldPath) -> FieldValue {
    let (wanted, there) = (manifest.elements, live.elements)
    if let keys = ListKeys.standard.fields(forList: path.lastKey, wanted, there) {
      return keyed(wanted, there, by: keys, additions, at: path)
    }
    guard wanted.count == there.count else { return FieldValue(live) }
    return .sequence(
      zip(wanted, there).enumerated().map { place, pair in
        let component = FieldPath.Component.index(place)
        return found(pair.0, pair.1, additions?.children[component], at: path.appending(component))
          ?? FieldValue(pair.0)
      })
  }

  private func keyed(
    _ wanted: [Node], _ there: [Node], by keys: ListKeys.Fields, _ additions: FieldSet?, at path: FieldPath
  ) -> FieldValue {
    var values: [FieldValue] = []
    var seen: Set<String> = []
    for element in wanted {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      seen.insert(identity)
      guard let partner = there.first(where: { ListKeys.identity(of: $0, by: keys) == identity }) else { continue }
      let component = FieldPath.Component.element(key: ListKeys.name(of: keys), value: identity)
      let added = additions?.element(partner, component)
      if let value = found(element, partner, added, at: path.appending(component)) { values.append(value) }
    }
    for element in there {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      let component = FieldPath.Component.element(key: ListKeys.name(of: keys), value: identity)
      guard !seen.contains(identity), additions?.element(element, component).map({ !$0.isEmpty }) ?? false,
        !isLeftOut(path.appending(component))
      else { continue }
      values.append(FieldValue(element))
    }
    return .sequence(values)
  }
}

extension FieldPath {
  /// The name of the field that it leads to.
  var lastKey: String? {
    if case .key(let key)? = components.last { key } else { nil }
  }
}

extension FieldSet {
  /// What of the set lies in an element: the server may know it by more fields than one, or by others.
  func element(_ node: Node, _ component: FieldPath.Component) -> FieldSet? {
    if let exact = children[component] { return exact }
    return children.first { candidate, _ in
      guard case .element(let key, let value) = candidate else { return false }
      return ListKeys.identity(of: node, by: ListKeys.fields(of: key)) == value
    }?.value
  }
}
