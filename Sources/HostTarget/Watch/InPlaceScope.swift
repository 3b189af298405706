import MooringModel

/// What is watched of a root in the `inPlace` layout: all of the folders that Mooring made, all that is directly in those
/// that the rules name, and in other folders the names that the inventory has.
struct InPlaceScope: Equatable, Sendable {
  private let environment: FileName
  /// Folders that Mooring made.
  private var made: Set<[FileName]> = []
  private var watched: Set<[FileName]>
  /// Of each folder of others what in it matters.
  private var names: [[FileName]: NameFilter] = [[]: []]
  /// Paths of ours that look like what editors leave.
  private var unusual: Set<[FileName]> = []

  init(_ inventory: InPlaceInventory?, environment: EnvironmentName, _ rules: LookRules) {
    self.environment = FileName(environment.string)
    watched = Set(rules.watched.map(\.names))
    for path in watched { note(path) }
    let items = inventory?.items ?? []
    for item in items where item.entry.kind == .folder { made.insert(item.path.names) }
    for item in items {
      let path = item.path.names
      // What is in a folder of ours needs no names.
      if !isMade(path.dropLast()) { note(path) }
      let components = path.map { Array($0.bytes) }
      if rules.ignore(components, isFolder: false, isOurs: false) { unusual.insert(path) }
    }
  }

  private mutating func note(_ path: [FileName]) {
    for depth in path.indices { names[Array(path[..<depth]), default: []].insert(path[depth]) }
  }

  private func isMade(_ path: ArraySlice<FileName>) -> Bool {
    !made.isEmpty && path.indices.contains { made.contains(Array(path[...$0])) }
  }

  /// Whether this path may be the inventory's, as far as rules for editors go.
  func isOurs(_ path: [FileName]) -> Bool { unusual.contains(path) }

  func reach(of path: [FileName]) -> WatchScope.Reach {
    if path.first == InPlaceStore.folderName { return storeReach(of: path) }
    if path.contains(where: \.isOurs) { return .nothing }
    if watched.contains(path) || isMade(path[...]) { return .everything }
    guard var names = names[path] else { return .nothing }
    if path.isEmpty { names.insert(InPlaceStore.folderName) }
    return .names(names)
  }

  private func storeReach(of path: [FileName]) -> WatchScope.Reach {
    if path.count == 1 { return .names([environment]) }
    return path.count == 2 && path[1] == environment ? .names([InPlaceStore.inventory]) : .nothing
  }

  /// Of the store what says that there may be a new inventory; `nil` of paths elsewhere.
  func ownMeaning(of path: [FileName]) -> WatchScope.Meaning? {
    guard path.first == InPlaceStore.folderName else { return nil }
    return [[], [environment], [environment, InPlaceStore.inventory]].contains(Array(path.dropFirst()))
      ? .scope(object: nil) : .nothing
  }
}
