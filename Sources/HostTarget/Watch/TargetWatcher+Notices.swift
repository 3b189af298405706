import MooringModel

extension TargetWatcher {
  func follow(_ notice: FolderNotice) throws(WatchRefusal) {
    if notice.what.contains(.lost) {
      // What is lost may have been of the root itself.
      return try lookAtRoot()
    }
    guard let key = notice.folder else { return }
    if sentinel.isConcerned(by: notice) { try lookAtRoot() }
    for place in tree.paths(of: key) {
      if notice.what.contains(.unwatched) {
        forget(place, alreadyGone: key)
      } else {
        try follow(notice, at: notice.name.map { place + [$0] } ?? place)
      }
    }
  }

  private func follow(_ notice: FolderNotice, at path: [FileName]) throws(WatchRefusal) {
    let meaning = scope.meaning(of: path)
    let isFolder = notice.what.contains(.folder) || notice.name == nil
    if meaning == .nothing || target.ignores(path, isFolder: isFolder, in: scope) { return }
    let comesOrGoes = !notice.what.isDisjoint(with: [.appeared, .vanished])
    if isFolder && comesOrGoes { try refresh(path, notice) }
    switch meaning {
    case .nothing: return
    case .object(let object): report(object.objectName, by: notice.author, at: notice.at)
    case .everything: report(nil, by: notice.author, at: notice.at)
    case .scope(let object):
      if let object { report(object.objectName, by: notice.author, at: notice.at) }
      // What was done in a folder before it was watched is told by nobody.
      if comesOrGoes && rescope() {
        try watchAnew()
        report(nil, at: notice.at)
      }
    }
  }

  /// A folder of this name came or went, perhaps both, or went and another came.
  private func refresh(_ path: [FileName], _ notice: FolderNotice) throws(WatchRefusal) {
    if notice.what.contains(.vanished) { forget(path) }
    if notice.what.contains(.appeared) { try cover(path, of: notice) }
  }

  private func forget(_ path: [FileName], alreadyGone: FolderKey? = nil) {
    forget(tree.remove(path).filter { $0 != alreadyGone })
  }

  // MARK: Trees

  /// Watches a folder and those below it that matter, each before it is listed.
  ///
  /// - Parameter notice: Of a folder that is new: what is in it already is told too, as probably by the same people.
  func cover(_ top: [FileName], of notice: FolderNotice?) throws(WatchRefusal) {
    var left = [top]
    while let path = left.popLast() {
      let reach = scope.reach(of: path)
      if case .nothing = reach { continue }
      if !path.isEmpty && target.ignores(path, isFolder: true, in: scope) { continue }
      guard let entries = try enter(path) else { continue }
      for entry in entries where reach.includes(entry.name) {
        let inside = path + [entry.name]
        if entry.isFolder { left.append(inside) }
        if let notice, entries.count <= Self.listed { tell(inside, entry.isFolder, notice) }
      }
    }
  }

  /// Objects in a new folder that are told one by one; of more, the folder stands for all.
  private static let listed = 1000

  /// Watches a folder, and then lists it; `nil` where it is watched already, or isn't there any more.
  private func enter(_ path: [FileName]) throws(WatchRefusal) -> [Folder.Listed]? {
    // What can't be opened isn't there any more, or isn't to be entered: the look says which.
    guard let root = root.open(), let folder = try? root.folder.folder(beneath: path) else { return nil }
    let key: FolderKey
    do throws(WatchRefusal) {
      key = try notices.watch(folder, namesOnly: false)
    } catch {
      if case .folder = error { return nil }
      throw error
    }
    if let known = tree.key(at: path) {
      if known == key { return nil }
      forget(path)
    }
    tree.insert(key, at: path)
    return try? folder.listing()
  }

  private func tell(_ path: [FileName], _ isFolder: Bool, _ notice: FolderNotice) {
    guard case .object(let object) = scope.meaning(of: path), !target.ignores(path, isFolder: isFolder, in: scope)
    else { return }
    report(object.objectName, by: notice.author, at: notice.at, isCertain: false)
  }
}

extension WatchScope.Reach {
  func includes(_ name: FileName) -> Bool {
    switch self {
    case .nothing: false
    case .names(let names): names.contains(name)
    case .everything: true
    }
  }
}

extension [FileName] {
  var objectName: ObjectName {
    ObjectName(path: map { [UInt8]($0.bytes) }.joined(separator: [UInt8(ascii: "/")]))
  }
}
