import Documents
import Kubernetes

/// A manifest as it is sent over an object that is there, where not all of it is ours.
///
/// What isn't ours stays as it is. Server-side apply takes away what a manager had and doesn't send any more, unless
/// somebody else has it too (kubernetes.io, "Server-Side Apply", "Transferring ownership"). So of what stays that is left
/// out which somebody else has, and that is sent with its live value which only we have: also where the manifest doesn't
/// have it any more.
struct SparedBody {
  /// Of the manifest's fields, and of ours in the object, what is sent.
  let value: FieldValue

  /// - Parameters:
  ///   - spared: Fields that stay as they are, with those below them.
  ///   - isWhole: Whether whatever others have set stays, and not only what controllers have.
  ///   - makesMissing: Whether spared fields are made where nothing is: by a deployment, and not by a heal.
  init(
    _ manifest: Node, over live: Node, _ owners: FieldOwners, sparing spared: [FieldPath], isWhole: Bool,
    makesMissing: Bool
  ) {
    let everybody = owners.everybodyElse
    self.init(
      manifest, over: live, ours: owners.ours, others: everybody, yielding: isWhole ? everybody : owners.controllers,
      sparing: spared, makesMissing: makesMissing)
  }

  /// - Parameters:
  ///   - others: What anybody else has, whether we have it too or not.
  ///   - yielded: Of that, what stays in any case.
  init(
    _ manifest: Node, over live: Node, ours: FieldSet?, others: FieldSet, yielding yielded: FieldSet,
    sparing spared: [FieldPath], makesMissing: Bool
  ) {
    let place = SparingWalk.Place(
      spared: spared.map { $0.components[...] }, ours: ours, others: others, yielded: yielded)
    value = SparingWalk(makesMissing: makesMissing).sent(manifest, live, place) ?? .mapping([])
  }
}

/// Walks a manifest and a live object side by side; as deep as they are, whose depth is bounded.
private struct SparingWalk {
  typealias Child = (Node?, Node?, Place) -> FieldValue?

  let makesMissing: Bool

  /// What is to be sent of a place; `nil` where nothing is.
  func sent(_ manifest: Node?, _ live: Node?, _ place: Place) -> FieldValue? {
    if place.isSpared { return kept(manifest, live, place) }
    guard let live, !place.isPlain else { return manifest.map(FieldValue.init) }
    if place.isYielded { return nil }
    switch ((manifest ?? live).kind, live.kind) {
    case (.mapping, .mapping): return mapping(manifest, live, place, sent)
    case (.sequence, .sequence): return list(manifest, live, place)
    default: return manifest.map(FieldValue.init)
    }
  }

  /// What is to be sent so that a place stays as it is.
  private func kept(_ manifest: Node?, _ live: Node?, _ place: Place) -> FieldValue? {
    guard let live else { return makesMissing ? manifest.map(FieldValue.init) : nil }
    if place.isInOneValue { return FieldValue(live) }
    if !place.isOneValue {
      switch live.kind {
      case .mapping where !live.entries.isEmpty: return mapping(manifest, live, place, kept)
      case .sequence where place.isOfParts: return keptElements(manifest, live, place)
      default: break
      }
    }
    return place.isOursAlone ? FieldValue(live) : nil
  }

  private func mapping(_ manifest: Node?, _ live: Node, _ place: Place, _ child: Child) -> FieldValue? {
    let manifest = manifest?.kind == .mapping ? manifest : nil
    var entries: [FieldValue.Entry] = []
    for entry in manifest?.entries ?? [] {
      guard let value = child(entry.value, live[entry.key], place.below(entry.key)) else { continue }
      entries.append(.init(key: entry.key, value: value))
    }
    for entry in live.entries where manifest?[entry.key] == nil {
      guard let value = child(nil, entry.value, place.below(entry.key)) else { continue }
      entries.append(.init(key: entry.key, value: value))
    }
    // An empty mapping is a value of its own.
    return entries.isEmpty && !(manifest?.entries.isEmpty ?? false) ? nil : .mapping(entries)
  }

  // MARK: Lists

  /// Of a list in which something stays, what is sent.
  private func list(_ manifest: Node?, _ live: Node, _ place: Place) -> FieldValue? {
    let (wanted, there) = (manifest?.elements ?? [], live.elements)
    guard let keys = ListKeys.standard.fields(forList: place.key, wanted, there), !there.isEmpty else {
      return manifest == nil ? nil : positions(wanted, there, place)
    }
    var (elements, known): ([FieldValue], Set<String>) = ([], [])
    for (index, element) in wanted.enumerated() {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      known.insert(identity)
      let partner = there.first { ListKeys.identity(of: $0, by: keys) == identity }
      let value = sent(element, partner, place.at(partner ?? element, index))
      if let value { elements.append(named(value, like: partner ?? element, place.keys ?? keys)) }
    }
    for (index, element) in there.enumerated() {
      guard !known.contains(ListKeys.identity(of: element, by: keys) ?? "") else { continue }
      let value = sent(nil, element, place.at(element, index))
      if let value { elements.append(named(value, like: element, place.keys ?? keys)) }
    }
    return elements.isEmpty && (manifest == nil || !wanted.isEmpty) ? nil : .sequence(elements)
  }

  /// Elements that are known by their places alone: the list is one value to the server.
  private func positions(_ wanted: [Node], _ there: [Node], _ place: Place) -> FieldValue {
    .sequence(
      wanted.enumerated().map { index, element in
        let live = there.indices.contains(index) ? there[index] : nil
        return sent(element, live, place.at(live ?? element, index, isInOneValue: true)) ?? FieldValue(element)
      })
  }

  /// Of a list that stays, the elements that only we have.
  private func keptElements(_ manifest: Node?, _ live: Node, _ place: Place) -> FieldValue? {
    let elements = live.elements.enumerated().compactMap { index, element in
      kept(nil, element, place.at(element, index)).map { named($0, like: element, place.keys ?? []) }
    }
    return elements.isEmpty ? nil : .sequence(elements)
  }

  /// An element with the fields by which the server knows it.
  private func named(_ value: FieldValue, like element: Node, _ keys: [String]) -> FieldValue {
    guard case .mapping(let entries) = value else { return value }
    let missing = keys.filter { key in !entries.contains { $0.key == key } }
    return .mapping(
      entries + missing.compactMap { key in element[key].map { .init(key: key, value: FieldValue($0)) } })
  }
}

extension SparingWalk {
  /// What is known of one place of an object, and of what lies below it.
  struct Place {
    /// What is left of the paths of spared fields.
    var spared: [ArraySlice<FieldPath.Component>]
    var ours: FieldSet?
    var others: FieldSet?
    /// What others have that stays theirs.
    var yielded: FieldSet?
    /// The name of the field.
    var key: String?
    /// Whether it is a part of what is one value to the server.
    var isInOneValue = false

    var isSpared: Bool { spared.contains(where: \.isEmpty) }
    /// Whether all of it is the manifest's.
    var isPlain: Bool { spared.isEmpty && yielded?.isEmpty ?? true }
    var isYielded: Bool { yielded.map(isOneValue) ?? false }
    /// Whether the server takes all that is here as one value.
    var isOneValue: Bool { isInOneValue || [ours, others].contains { $0.map(isOneValue) ?? false } }
    /// Whether the server knows the parts of what is here one by one.
    var isOfParts: Bool { [ours, others].contains { !($0?.children.isEmpty ?? true) } }
    var isOursAlone: Bool { !(ours?.isEmpty ?? true) && others?.isEmpty ?? true }

    /// Who has a mapping whose parts are known one by one may have nothing but the mapping.
    private func isOneValue(_ set: FieldSet) -> Bool { set.isAtomic && !isOfParts }

    /// By which fields the server knows the elements of a list.
    var keys: [String]? {
      for component in [ours, others].flatMap({ $0.map { Array($0.children.keys) } ?? [] }) {
        if case .element(let key, _) = component, !key.isEmpty { return ListKeys.fields(of: key) }
      }
      return nil
    }

    func below(_ key: String) -> Place {
      let component = FieldPath.Component.key(key)
      return step(key: key, left { $0 == component }) { $0.children[component] }
    }

    /// - Parameter index: Where it stands in its list.
    func at(_ element: Node, _ index: Int, isInOneValue: Bool = false) -> Place {
      let spared = left { component in
        guard case .element(let key, let value) = component else { return component == .index(index) }
        return key.isEmpty
          ? element.text == value : ListKeys.identity(of: element, by: ListKeys.fields(of: key)) == value
      }
      var place = step(key: nil, spared) { $0.element(element, .index(index)) }
      place.isInOneValue = place.isInOneValue || isInOneValue
      return place
    }

    private func left(_ fits: (FieldPath.Component) -> Bool) -> [ArraySlice<FieldPath.Component>] {
      spared.filter { $0.first.map(fits) ?? true }.map { $0.dropFirst() }
    }

    private func step(
      key: String?, _ spared: [ArraySlice<FieldPath.Component>], _ part: (FieldSet) -> FieldSet?
    ) -> Place {
      if isOneValue { return Place(spared: spared, key: key, isInOneValue: true) }
      return Place(
        spared: spared, ours: ours.flatMap(part), others: others.flatMap(part), yielded: yielded.flatMap(part), key: key
      )
    }
  }
}
