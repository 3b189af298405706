import MooringModel

/// What a watch has to know of its target.
struct WatchedTarget: Sendable {
  let root: String
  /// `nil` in the `switch` layout.
  let environment: EnvironmentName?
  let rules: LookRules

  /// What is to be watched as things are.
  ///
  /// - Throws: `Fault` where the target isn't as Mooring made it; a look at it says more.
  func scope(in root: borrowing Folder) throws(Fault) -> WatchScope {
    guard let environment else { return .release(try live(in: root)) }
    return .places(InPlaceScope(try inventory(of: environment, in: root), environment: environment, rules))
  }

  private func live(in root: borrowing Folder) throws(Fault) -> ReleaseDigest? {
    guard let target = try root.linkTarget(SwitchRoot.current) else { return nil }
    return SwitchRoot.digest(fromTarget: target)
  }

  private func inventory(of environment: EnvironmentName, in root: borrowing Folder) throws(Fault) -> InPlaceInventory?
  {
    let names = [InPlaceStore.folderName, FileName(environment.string)]
    for depth in 1...names.count {
      let parent = try root.folder(beneath: Array(names.prefix(depth - 1)))
      guard try parent.entry(names[depth - 1]) != nil else { return nil }
    }
    let store = try root.folder(beneath: names)
    try InPlaceStore.refuseStrangers(store)
    return try InPlaceStore.readInventory(InPlaceStore.inventory, in: store)
  }

  /// Whether nothing is said of a path. In the `switch` layout it isn't known what of it is in the release, so what
  /// editors leave is left to the look.
  func ignores(_ path: [FileName], isFolder: Bool, in scope: WatchScope) -> Bool {
    let components = scope.rulePath(path).map { Array($0.bytes) }
    if components.isEmpty { return false }
    var isOurs = true
    if case .places(let places) = scope { isOurs = isFolder || places.isOurs(path) }
    return rules.ignore(components, isFolder: isFolder, isOurs: isOurs)
  }
}
