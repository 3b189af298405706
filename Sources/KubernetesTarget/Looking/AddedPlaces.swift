import Documents
import Kubernetes

/// The places of what others added inside what a manifest sets, such that removing one after the other removes them all.
struct AddedPlaces {
  struct Place {
    /// A JSON pointer (RFC 6901).
    var pointer: String
    var value: FieldValue
  }

  private(set) var places: [Place] = []

  private let ignored: [FieldPath]
  private let only: [FieldPath]?

  /// - Parameters:
  ///   - ignored: Fields that are anybody's.
  ///   - only: Nothing but what lies in these.
  init(
    of manifest: Node, on live: Node, additions: FieldSet, ignoring ignored: [FieldPath] = [],
    only: [FieldPath]? = nil
  ) {
    self.ignored = ignored
    self.only = only
    collect(manifest, live, additions, at: .root, pointer: "")
    // Later elements of a list first: those before them then stay where they are.
    places.reverse()
  }

  /// - Parameter manifest: `nil` where it has nothing, and something else than additions may be there.
  private mutating func collect(
    _ manifest: Node?, _ live: Node, _ additions: FieldSet, at path: FieldPath, pointer: String
  ) {
    switch live.kind {
    case .mapping where manifest.map { $0.kind == .mapping } ?? true:
      for entry in live.entries {
        let (place, part) = (path.appending(key: entry.key), "\(pointer)/\(Self.escaped(entry.key))")
        guard !isLeftOut(place), let added = additions.children[.key(entry.key)], !added.isEmpty else {
          continue
        }
        let isWhole = entry.value.kind != .mapping || added.children.isEmpty
        if let wanted = manifest?[entry.key] {
          collect(wanted, entry.value, added, at: place, pointer: part)
        } else if isWhole {
          append(entry.value, at: place, pointer: part)
        } else {
          collect(nil, entry.value, added, at: place, pointer: part)
        }
      }
    case .sequence: manifest.map { collectElements($0, live, additions, at: path, pointer: pointer) }
    default: break
    }
  }

  private mutating func collectElements(
    _ manifest: Node, _ live: Node, _ additions: FieldSet, at path: FieldPath, pointer: String
  ) {
    let (wanted, there) = (manifest.elements, live.elements)
    guard let keys = ListKeys.standard.fields(forList: path.lastKey, wanted, there) else { return }
    for (index, element) in there.enumerated() {
      let identity = ListKeys.identity(of: element, by: keys) ?? ""
      let component = FieldPath.Component.element(key: ListKeys.name(of: keys), value: identity)
      guard !isLeftOut(path.appending(component)), let added = additions.element(element, component), !added.isEmpty
      else { continue }
      let part = "\(pointer)/\(index)"
      if let partner = wanted.first(where: { ListKeys.identity(of: $0, by: keys) == identity }) {
        collect(partner, element, added, at: path.appending(component), pointer: part)
      } else {
        append(element, at: path.appending(component), pointer: part)
      }
    }
  }

  private mutating func append(_ value: Node, at path: FieldPath, pointer: String) {
    guard only?.contains(where: { path.isInside($0) }) ?? true else { return }
    places.append(Place(pointer: pointer, value: FieldValue(value)))
  }

  private func isLeftOut(_ path: FieldPath) -> Bool {
    ServerFields.contain(path) || ignored.contains { path.isInside($0) }
  }

  private static func escaped(_ key: String) -> String {
    key.replacing("~", with: "~0").replacing("/", with: "~1")
  }
}

/// Steps of a JSON patch (RFC 6902).
enum PatchStep {
  /// Fails the whole patch where something else stands there.
  static func test(_ place: AddedPlaces.Place) -> FieldValue {
    step("test", place.pointer, [.init(key: "value", value: place.value)])
  }

  static func remove(_ place: AddedPlaces.Place) -> FieldValue { step("remove", place.pointer, []) }

  static func replace(_ pointer: String, _ value: FieldValue) -> FieldValue {
    step("replace", pointer, [.init(key: "value", value: value)])
  }

  private static func step(_ operation: String, _ pointer: String, _ more: [FieldValue.Entry]) -> FieldValue {
    .mapping(
      [.init(key: "op", value: .scalar(.string(operation))), .init(key: "path", value: .scalar(.string(pointer)))]
        + more)
  }
}
