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
  /// Values that differ although nobody but we has set them.
  let rewritten: [FieldPath: Rewritings.Rewriting]
  /// What was found of each field, where that was asked for.
  let notes: [FieldNote]

  /// - Parameters:
  ///   - owners: Who has set which fields of the live object.
  ///   - ignored: Fields of which nothing is said.
  ///   - known: What the server makes of what we set: it counts as the manifest's.
  init(
    of manifest: Node, on live: Node, owners: FieldOwners = FieldOwners(), ignoring ignored: [FieldPath] = [],
    rewritten known: [FieldPath: Rewritings.Rewriting] = [:], isExplained: Bool = false
  ) {
    var walk = ProjectionWalk(ignored: ignored, known: known, isExplaining: isExplained)
    expected = walk.expected(manifest, at: .root) ?? .mapping([])
    found =
      walk.found(manifest, live, .init(ours: owners.ours, others: owners.others, cluster: owners.cluster), at: .root)
      ?? .mapping([])
    rewritten = walk.open
    notes = walk.notes
  }

  var isEqual: Bool { expected == found }
}

/// Walks a manifest and a live object side by side; as deep as the manifest, whose depth is bounded.
private struct ProjectionWalk {
  let ignored: [FieldPath]
  let known: [FieldPath: Rewritings.Rewriting]
  /// What was met that isn't known to be rewritten, and may be.
  private(set) var open: [FieldPath: Rewritings.Rewriting] = [:]

  private let isExplaining: Bool
  private(set) var notes: [FieldNote] = []

  init(ignored: [FieldPath], known: [FieldPath: Rewritings.Rewriting], isExplaining: Bool) {
    (self.ignored, self.known, self.isExplaining) = (ignored, known, isExplaining)
  }

  private mutating func note(_ finding: FieldNote.Finding, _ path: FieldPath) {
    if isExplaining { notes.append(FieldNote(path: path, finding: finding)) }
  }

  private mutating func noteLeftOut(_ path: FieldPath) {
    note(ServerFields.contain(path) ? .ofServer : .ignored, path)
  }

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

    var isOfNobody: Bool { [ours, others, cluster].allSatisfy { $0?.isEmpty ?? true } }

    /// Whether we have set what is there, or all of it, and nobody else has.
    var isOursAlone: Bool { !(ours?.isEmpty ?? true) && others?.isEmpty ?? true }
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
  mutating func found(_ manifest: Node, _ live: Node, _ owners: Owners, at path: FieldPath) -> FieldValue? {
    if isLeftOut(path) {
      noteLeftOut(path)
      return nil
    }
    switch (manifest.kind, live.kind) {
    case (.mapping, .mapping): return mapping(manifest, live, owners, at: path)
    case (.sequence, .sequence): return sequence(manifest, live, owners, at: path)
    default:
      if Equivalence.areSame(manifest, live, at: path) {
        if isExplaining { note(FieldValue(manifest) == FieldValue(live) ? .same : .spelling, path) }
        return FieldValue(manifest)
      }
      return FieldValue(isNotPeoples(manifest, live, owners, at: path) ? manifest : live)
    }
  }

  /// Whether another value is a controller's, or the server's own making.
  private mutating func isNotPeoples(_ manifest: Node, _ live: Node, _ owners: Owners, at path: FieldPath) -> Bool {
    if owners.isOfCluster {
      note(.ofController, path)
      return true
    }
    let isRewritten = isRewritten(manifest, live, owners, at: path)
    note(isRewritten ? .rewritten : .differs, path)
    return isRewritten
  }

  /// Whether the server is known to make this of a value. Where it isn't, and nobody else has set it, it may be.
  private mutating func isRewritten(_ manifest: Node, _ live: Node?, _ owners: Owners, at path: FieldPath) -> Bool {
    guard owners.isOursAlone else { return false }
    let rewriting = Rewritings.Rewriting(wanted: FieldValue(manifest), made: live.map(FieldValue.init))
    if known[path] == rewriting { return true }
    open[path] = rewriting
    return false
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

  private mutating func mapping(_ manifest: Node, _ live: Node, _ owners: Owners, at path: FieldPath) -> FieldValue {
    var entries: [FieldValue.Entry] = []
    for entry in manifest.entries {
      let place = path.appending(key: entry.key)
      if isLeftOut(place) {
        noteLeftOut(place)
        continue
      }
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
        note(.leftOut, place)
        entries.append(.init(key: entry.key, value: FieldValue(entry.value)))
      } else if isRewritten(entry.value, nil, below, at: place) {
        note(.rewritten, place)
        entries.append(.init(key: entry.key, value: FieldValue(entry.value)))
      } else {
        note(.gone, place)
      }
    }
    for entry in live.entries where manifest[entry.key] == nil {
      let place = path.appending(key: entry.key)
      if isWhatItIs(place) { continue }
      if let value = added(entry.value, owners.below(entry.key).others, at: place) {
        entries.append(.init(key: entry.key, value: value))
      } else {
        noteUnsaid(entry.value, owners.below(entry.key), at: place)
      }
    }
    return .mapping(entries)
  }

  /// Of what is there, not in the manifest, and no drift.
  private mutating func noteUnsaid(_ live: Node, _ owners: Owners, at path: FieldPath) {
    guard isExplaining else { return }
    if isLeftOut(path) { return noteLeftOut(path) }
    if live.kind == .mapping, !owners.isOfNobody {
      for entry in live.entries { noteUnsaid(entry.value, owners.below(entry.key), at: path.appending(key: entry.key)) }
      return
    }
    note(owners.isOfCluster ? .ofController : owners.isOursAlone ? .kept : .ofNobody, path)
  }

  /// What others added where the manifest has nothing: of a mapping that holds more than theirs, only that.
  private mutating func added(_ live: Node, _ additions: FieldSet?, at path: FieldPath) -> FieldValue? {
    guard let additions, !additions.isEmpty, !isLeftOut(path) else { return nil }
    guard live.kind == .mapping, !additions.children.isEmpty else {
      note(.added, path)
      return FieldValue(live)
    }
    var entries: [FieldValue.Entry] = []
    for entry in live.entries {
      let value = added(entry.value, additions.children[.key(entry.key)], at: path.appending(key: entry.key))
      if let value { entries.append(.init(key: entry.key, value: value)) }
    }
    return entries.isEmpty ? nil : .mapping(entries)
  }

  // MARK: Lists

  private mutating func sequence(_ manifest: Node, _ live: Node, _ owners: Owners, at path: FieldPath) -> FieldValue {
    let (wanted, there) = (manifest.elements, live.elements)
    if let keys = ListKeys.standard.fields(forList: path.lastKey, wanted, there), !(wanted + there).isEmpty {
      return keyed(wanted, there, by: keys, owners, at: path)
    }
    if path.lastKey == "finalizers" { return set(wanted, there, owners) }
    if owners.isOfCluster {
      note(.ofController, path)
      return FieldValue(manifest)
    }
    guard wanted.count == there.count else {
      return FieldValue(isNotPeoples(manifest, live, owners, at: path) ? manifest : live)
    }
    var elements: [FieldValue] = []
    for (place, (wanted, there)) in zip(wanted, there).enumerated() {
      let component = FieldPath.Component.index(place)
      let value = found(wanted, there, owners.at(there, component), at: path.appending(component))
      elements.append(value ?? FieldValue(wanted))
    }
    return .sequence(elements)
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

  private mutating func keyed(
    _ wanted: [Node], _ there: [Node], by keys: ListKeys.Fields, _ owners: Owners, at path: FieldPath
  ) -> FieldValue {
    var values: [FieldValue] = []
    var seen: Set<String> = []
    for element in wanted {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      seen.insert(identity)
      guard let partner = there.first(where: { ListKeys.identity(of: $0, by: keys) == identity }) else {
        note(.gone, path.appending(.element(key: ListKeys.name(of: keys), value: identity)))
        continue
      }
      let component = FieldPath.Component.element(key: ListKeys.name(of: keys), value: identity)
      let place = path.appending(component)
      if let value = found(element, partner, owners.at(partner, component), at: place) { values.append(value) }
    }
    for element in there {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      let component = FieldPath.Component.element(key: ListKeys.name(of: keys), value: identity)
      guard !seen.contains(identity), !isLeftOut(path.appending(component)) else { continue }
      if isAdded(element, component, owners) {
        note(.added, path.appending(component))
        values.append(FieldValue(element))
      } else {
        noteUnsaid(element, owners.at(element, component), at: path.appending(component))
      }
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
