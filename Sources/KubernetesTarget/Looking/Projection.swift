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
  ///   - owners: Who has set which fields of the live object.
  ///   - ignored: Fields of which nothing is said.
  init(of manifest: Node, on live: Node, owners: FieldOwners = FieldOwners(), ignoring ignored: [FieldPath] = []) {
    let walk = ProjectionWalk(ignored: ignored)
    expected = walk.expected(manifest, at: .root) ?? .mapping([])
    found =
      walk.found(manifest, live, .init(ours: owners.ours, others: owners.others, cluster: owners.cluster), at: .root)
      ?? .mapping([])
  }

  var isEqual: Bool { expected == found }
}

/// Walks a manifest and a live object side by side; as deep as the manifest, whose depth is bounded.
private struct ProjectionWalk {
  let ignored: [FieldPath]

  /// Who has set what at one place and below it.
  struct Owners {
    var ours: FieldSet?
    var others: FieldSet?
    var cluster: FieldSet?

    func below(_ key: String) -> Self {
      let component = FieldPath.Component.key(key)
      return Self(
        // Below what is ours as a whole everything is ours.
        ours: ours.map { $0.isAtomic ? $0 : $0.children[component] ?? FieldSet() },
        others: others?.children[component], cluster: cluster?.children[component])
    }

    func at(_ element: Node, _ component: FieldPath.Component) -> Self {
      Self(
        ours: ours.map { $0.isAtomic ? $0 : $0.element(element, component) ?? FieldSet() },
        others: others?.element(element, component), cluster: cluster?.element(element, component))
    }

    /// Whether a controller of the cluster wrote what is there, and nobody else did.
    var isOfCluster: Bool { cluster.map { !$0.isEmpty } ?? false }
  }

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
  func found(_ manifest: Node, _ live: Node, _ owners: Owners, at path: FieldPath) -> FieldValue? {
    if isLeftOut(path) { return nil }
    switch (manifest.kind, live.kind) {
    case (.mapping, .mapping): return mapping(manifest, live, owners, at: path)
    case (.sequence, .sequence): return sequence(manifest, live, owners, at: path)
    default:
      let isSame = owners.isOfCluster || Equivalence.areSame(manifest, live, at: path)
      return FieldValue(isSame ? manifest : live)
    }
  }

  private func isLeftOut(_ path: FieldPath) -> Bool {
    ServerFields.contain(path) || ignored.contains { path.isInside($0) }
  }

  /// Version and kind are the manifest's: the server has objects in any version that it is asked for. They stay in what is
  /// compared, so that whoever reads it knows a Secret from what may be shown.
  private func isWhatItIs(_ path: FieldPath) -> Bool {
    path == FieldPath(keys: "apiVersion") || path == FieldPath(keys: "kind")
  }

  // MARK: Mappings

  private func mapping(_ manifest: Node, _ live: Node, _ owners: Owners, at path: FieldPath) -> FieldValue {
    var entries: [FieldValue.Entry] = []
    for entry in manifest.entries {
      let place = path.appending(key: entry.key)
      if isLeftOut(place) { continue }
      let below = owners.below(entry.key)
      if isWhatItIs(place) {
        entries.append(.init(key: entry.key, value: FieldValue(entry.value)))
      } else if let value = live[entry.key] {
        if let value = found(entry.value, value, below, at: place) {
          entries.append(.init(key: entry.key, value: value))
        }
      } else if Equivalence.isNothing(entry.value), entry.value.isEmpty || below.ours.map({ !$0.isEmpty }) ?? true {
        // The server leaves out what is empty, and `0` and `false`. Had somebody removed those, they wouldn't be ours any
        // more: without `automountServiceAccountToken: false` the token is mounted.
        entries.append(.init(key: entry.key, value: FieldValue(entry.value)))
      }
    }
    for entry in live.entries where manifest[entry.key] == nil {
      let place = path.appending(key: entry.key)
      if isWhatItIs(place) { continue }
      if let value = added(entry.value, owners.below(entry.key).others, at: place) {
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

  private func sequence(_ manifest: Node, _ live: Node, _ owners: Owners, at path: FieldPath) -> FieldValue {
    let (wanted, there) = (manifest.elements, live.elements)
    if let keys = ListKeys.standard.fields(forList: path.lastKey, wanted, there), !(wanted + there).isEmpty {
      return keyed(wanted, there, by: keys, owners, at: path)
    }
    if path.lastKey == "finalizers" { return set(wanted, there, owners) }
    if owners.isOfCluster { return FieldValue(manifest) }
    guard wanted.count == there.count else { return FieldValue(live) }
    return .sequence(
      zip(wanted, there).enumerated().map { place, pair in
        let component = FieldPath.Component.index(place)
        return found(pair.0, pair.1, owners.at(pair.1, component), at: path.appending(component))
          ?? FieldValue(pair.0)
      })
  }

  /// Controllers add theirs, and take them away.
  private func set(_ wanted: [Node], _ there: [Node], _ owners: Owners) -> FieldValue {
    let live = Set(there.map(\.text))
    let kept = wanted.filter { live.contains($0.text) }
    let known = Set(wanted.map(\.text))
    let added = there.filter { element in
      !known.contains(element.text)
        && owners.others?.element(element, .element(key: "", value: element.text)).map { !$0.isEmpty } ?? false
    }
    return .sequence((kept + added).map(FieldValue.init))
  }

  private func keyed(
    _ wanted: [Node], _ there: [Node], by keys: ListKeys.Fields, _ owners: Owners, at path: FieldPath
  ) -> FieldValue {
    var values: [FieldValue] = []
    var seen: Set<String> = []
    for element in wanted {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      seen.insert(identity)
      guard let partner = there.first(where: { ListKeys.identity(of: $0, by: keys) == identity }) else { continue }
      let component = FieldPath.Component.element(key: ListKeys.name(of: keys), value: identity)
      let place = path.appending(component)
      if let value = found(element, partner, owners.at(partner, component), at: place) { values.append(value) }
    }
    for element in there {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      let component = FieldPath.Component.element(key: ListKeys.name(of: keys), value: identity)
      guard !seen.contains(identity), !isLeftOut(path.appending(component)) else { continue }
      if isAdded(element, component, owners) { values.append(FieldValue(element)) }
    }
    return .sequence(values)
  }

  /// A list that is one value to the server is whoever's who wrote it last, with all that is in it.
  private func isAdded(_ element: Node, _ component: FieldPath.Component, _ owners: Owners) -> Bool {
    guard let others = owners.others else { return false }
    return others.isAtomic || others.element(element, component).map { !$0.isEmpty } ?? false
  }
}

extension Node {
  /// Nothing, or a mapping or list without anything.
  fileprivate var isEmpty: Bool { kind == .scalar ? scalar == .null : entries.isEmpty && elements.isEmpty }
}

extension FieldPath {
  /// The name of the field that it leads to.
  var lastKey: String? {
    if case .key(let key)? = components.last { key } else { nil }
  }
}
