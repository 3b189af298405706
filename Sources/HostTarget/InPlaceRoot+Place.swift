import Glibc
import MooringModel

extension InPlaceRoot {
  /// Puts everything in its place. Can be repeated after a stop at any point: what is done has left its temporary name.
  ///
  /// - Parameter seen: What the survey saw in each unit's place, by number, to be there still; `[]` after a stop.
  borrowing func place(_ intent: InPlaceIntent, seen: [Folder.Entry?]) throws {
    for group in intent.byFolder {
      let parent = try folder.folder(beneath: group.folder)
      for unit in group.units {
        if seen.indices.contains(unit.number) { try Self.confirm(unit, is: seen[unit.number], in: parent) }
        try Self.place(unit, intent, in: parent)
      }
      try parent.sync()
    }
  }

  private static func place(_ unit: InPlaceUnit, _ intent: InPlaceIntent, in parent: borrowing Folder) throws(Fault) {
    let (new, old) = (intent.newName(of: unit), intent.oldName(of: unit))
    if let change = unit.attributes {
      try parent.folder(unit.name).setAttributes(change.new)
    } else if unit.new == nil {
      if try parent.entry(old) == nil { try parent.rename(unit.name, toFree: old) }
    } else if unit.replacesAtomically {
      // Without the second name a stop has come after the rename, or nothing could be undone.
      if try parent.entry(new) != nil { try parent.rename(new, to: unit.name) }
    } else if try parent.entry(new) != nil {
      if unit.old != nil, try parent.entry(old) == nil {
        try parent.rename(unit.name, toFree: old)
        // Or a disk might keep the second rename without the first.
        try parent.sync()
      }
      try parent.rename(new, toFree: unit.name)
    }
  }

  /// What is to be replaced must be what the survey saw: the moment between is as short as it can be.
  private static func confirm(
    _ unit: InPlaceUnit, is seen: Folder.Entry?, in parent: borrowing Folder
  ) throws(Fault) {
    guard unit.attributes == nil else { return }
    let there = try parent.entry(unit.name)
    let isSame =
      there?.kind == seen?.kind && there?.inode == seen?.inode && there?.size == seen?.size
      && there?.modified.tv_sec == seen?.modified.tv_sec && there?.modified.tv_nsec == seen?.modified.tv_nsec
      && there?.permissions == seen?.permissions && there?.owner == seen?.owner && there?.group == seen?.group
    guard isSame else {
      throw Fault(
        .target, "somebody changed it during the deployment", at: parent.path(of: unit.name),
        remedy: "look who else changes the target, and repeat")
    }
  }

  /// Removes what the old release left, and then the intent.
  borrowing func cleanUp(_ intent: InPlaceIntent) throws(Fault) {
    for group in intent.byFolder {
      guard try exists(group.folder) else { continue }
      let parent = try folder.folder(beneath: group.folder)
      for unit in group.units where unit.attributes == nil && unit.old != nil {
        try Self.removeOld(unit, named: intent.oldName(of: unit), in: parent)
      }
      try parent.sync()
    }
    try store.folder.removeFile(InPlaceStore.intent)
    try store.folder.sync()
  }

  private static func removeOld(_ unit: InPlaceUnit, named old: FileName, in parent: borrowing Folder) throws(Fault) {
    guard let entry = try parent.entry(old) else { return }
    guard entry.kind == .folder else { return try parent.removeFile(old) }
    let depth = unit.path.names.count
    // Only what is known to be ours: what somebody put there at the last moment stays, under the temporary name.
    for path in unit.contents { try remove(path.names.dropFirst(depth), in: parent.folder(old)) }
    _ = try parent.removeEmptyFolder(old)
  }

  /// Removes a file, a link or an empty folder below a folder; what is not there is no failure.
  static func remove(_ path: ArraySlice<FileName>, in folder: borrowing Folder) throws(Fault) {
    guard let name = path.first, let entry = try folder.entry(name) else { return }
    if path.count > 1 {
      guard entry.kind == .folder else { return }
      return try remove(path.dropFirst(), in: folder.folder(name))
    }
    if entry.kind == .folder { _ = try folder.removeEmptyFolder(name) } else { try folder.removeFile(name) }
  }
}
