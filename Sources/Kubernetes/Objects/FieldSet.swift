public import Documents

/// A set of fields of one object, as a tree of their paths.
///
/// A field may be in the set without those below it, and the other way round: whoever owns `spec.replicas` doesn't own
/// `spec`. An element of a set of scalars (`finalizers`) is `.element(key: "", value: …)`.
public struct FieldSet: Hashable, Sendable {
  /// Whether the field at this place is itself in the set.
  public private(set) var isMember: Bool
  /// What of the set lies below this place.
  public private(set) var children: [FieldPath.Component: FieldSet]

  public init() {
    isMember = false
    children = [:]
  }

  public init(_ paths: some Sequence<FieldPath>) {
    self.init()
    for path in paths { insert(path) }
  }

  init(isMember: Bool, children: [FieldPath.Component: FieldSet]) {
    self.isMember = isMember
    self.children = children
  }

  public var isEmpty: Bool { !isMember && children.values.allSatisfy(\.isEmpty) }

  public mutating func insert(_ path: FieldPath) { insert(path.components[...]) }

  /// Whether the field itself is in the set.
  public func contains(_ path: FieldPath) -> Bool { self[path]?.isMember ?? false }

  /// Whether the field is in the set, or one below it.
  public func reaches(_ path: FieldPath) -> Bool { self[path].map { !$0.isEmpty } ?? false }

  /// Whether the field is in the set, or one that it is a part of.
  public func covers(_ path: FieldPath) -> Bool {
    var place = self
    for component in path.components {
      if place.isMember { return true }
      guard let next = place.children[component] else { return false }
      place = next
    }
    return place.isMember
  }

  /// What of the set lies at a place and below it; `nil` where nothing does.
  public subscript(path: FieldPath) -> FieldSet? {
    var place = self
    for component in path.components {
      guard let next = place.children[component] else { return nil }
      place = next
    }
    return place
  }

  public func union(_ other: FieldSet) -> FieldSet {
    FieldSet(
      isMember: isMember || other.isMember,
      children: children.merging(other.children) { $0.union($1) })
  }

  public func subtracting(_ other: FieldSet) -> FieldSet {
    var rest = FieldSet(isMember: isMember && !other.isMember, children: [:])
    for (component, child) in children {
      let left = other.children[component].map { child.subtracting($0) } ?? child
      if !left.isEmpty { rest.children[component] = left }
    }
    return rest
  }

  /// All fields, in the order of their paths.
  public var paths: [FieldPath] {
    var result: [FieldPath] = []
    collect(at: .root, into: &result)
    return result
  }

  private mutating func insert(_ components: ArraySlice<FieldPath.Component>) {
    guard let first = components.first else {
      isMember = true
      return
    }
    children[first, default: FieldSet()].insert(components.dropFirst())
  }

  private func collect(at path: FieldPath, into result: inout [FieldPath]) {
    if isMember { result.append(path) }
    for (component, child) in children.sorted(by: { $0.key < $1.key }) {
      child.collect(at: path.appending(component), into: &result)
    }
  }
}
