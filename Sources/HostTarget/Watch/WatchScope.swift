import MooringModel

/// Which folders below the root are watched, and what it means when something happens in them.
enum WatchScope: Equatable, Sendable {
  /// The `switch` layout with what `current` leads to.
  case release(ReleaseDigest?)
  case places(InPlaceScope)

  /// How much of a folder matters.
  enum Reach {
    case nothing
    case names(NameFilter)
    case everything
  }

  /// What a change at a path is to be taken for.
  enum Meaning: Equatable {
    case nothing
    case object([FileName])
    /// What is watched may be something else from now on.
    case scope(object: [FileName]?)
    /// It is no single object, and everything may be different.
    case everything
  }

  private static let current: [FileName] = [SwitchRoot.current]

  /// - Parameter path: A folder's, from the root.
  func reach(of path: [FileName]) -> Reach {
    switch self {
    case .places(let scope): return scope.reach(of: path)
    case .release(let live):
      if path.isEmpty { return .names([SwitchRoot.current, SwitchRoot.releases]) }
      guard let live, path[0] == SwitchRoot.releases else { return .nothing }
      let folder = SwitchRoot.folderName(of: live)
      if path.count == 1 { return .names([folder]) }
      return path[1] == folder && !path.dropFirst(2).contains(where: \.isOurs) ? .everything : .nothing
    }
  }

  func meaning(of path: [FileName]) -> Meaning {
    if case .places(let scope) = self, let meaning = scope.ownMeaning(of: path) { return meaning }
    guard let name = path.last else { return .everything }
    switch reach(of: path.dropLast()) {
    case .nothing: return .nothing
    case .names(let names) where !names.contains(name): return .nothing
    case .names, .everything: break
    }
    guard case .release = self else { return name.isOurs ? .nothing : .object(path) }
    if path == Self.current { return .scope(object: path) }
    // The folder of all releases, and that of this one.
    guard path.count > 2 else { return .everything }
    return name.isOurs ? .nothing : .object(Self.current + path.dropFirst(2))
  }

  /// A path as rules see it: from the top of the release.
  func rulePath(_ path: [FileName]) -> ArraySlice<FileName> {
    if case .release = self { return path.dropFirst(2) }
    return path[...]
  }
}

/// A set of names by their hashes alone, since it may hold 100,000: now and then one more name is taken for a member.
struct NameFilter: Equatable, Sendable, ExpressibleByArrayLiteral {
  private var hashes: Set<Int> = []

  init(arrayLiteral names: FileName...) { hashes = Set(names.map(\.hashValue)) }

  mutating func insert(_ name: FileName) { hashes.insert(name.hashValue) }
  func contains(_ name: FileName) -> Bool { hashes.contains(name.hashValue) }
}

extension FileName {
  /// Whether Mooring gives such names: temporaries, its store.
  var isOurs: Bool { hasPrefix(".mooring") }
}
