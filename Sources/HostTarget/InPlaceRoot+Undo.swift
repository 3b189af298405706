import Glibc
import MooringModel

extension InPlaceRoot {
  /// Finishes or undoes what an interrupted deployment left. Never leaves a mixture: it throws where it can do neither.
  borrowing func recover() throws {
    try removeChecks()
    try store.removeUnfinished()
    try recoverRestoring(limit: HostTargetOptions.Limits().fileBytes)
    guard var intent = try store.readIntent() else {
      try store.folder.removeFile(InPlaceStore.nextInventory)
      return
    }
    let hasNext = try store.folder.entry(InPlaceStore.nextInventory) != nil
    if intent.phase == .placing && !hasNext { return try cleanUp(intent) }
    guard intent.phase == .placing else { return try goBack(&intent) }
    do {
      try place(intent, seen: [])
      try commit()
    } catch {
      try undo(intent, because: error)
      return
    }
    try cleanUp(intent)
  }

  /// Goes back after an error; where that fails too, the error says so and the next start tries again.
  borrowing func undo(_ intent: InPlaceIntent, because error: any Error) throws {
    // The release is live already: nothing is to be undone, and the next start clears up.
    if intent.phase == .placing, try store.folder.entry(InPlaceStore.nextInventory) == nil { throw error }
    var intent = intent
    do {
      try goBack(&intent)
    } catch let second as Fault {
      throw Fault(
        .target, "the deployment failed (\(error)), and going back failed too: \(second.what)", at: second.place,
        remedy: "put that right; the next start goes on going back")
    }
  }

  /// First everything goes back to its old place; when that is durable, the temporaries go.
  private borrowing func goBack(_ intent: inout InPlaceIntent) throws {
    if intent.phase == .placing {
      intent.phase = .undoing
      try store.write(intent, to: InPlaceStore.intent)
    }
    if intent.phase == .undoing {
      for group in intent.byFolder.reversed() {
        guard try exists(group.folder) else { continue }
        let parent = try folder.folder(beneath: group.folder)
        for unit in group.units.reversed() { try Self.takeBack(unit, intent, in: parent) }
        try parent.sync()
      }
      intent.phase = .preparing
      try store.write(intent, to: InPlaceStore.intent)
    }
    try discardTemporaries(of: intent)
    try store.folder.removeFile(InPlaceStore.nextInventory)
    try store.folder.removeFile(InPlaceStore.intent)
    try store.folder.sync()
  }

  /// What was placed gets its temporary name again, so that this too can be repeated after a stop.
  private static func takeBack(
    _ unit: InPlaceUnit, _ intent: InPlaceIntent, in parent: borrowing Folder
  ) throws(Fault) {
    let (new, old) = (intent.newName(of: unit), intent.oldName(of: unit))
    if let change = unit.attributes {
      guard try parent.entry(unit.name)?.kind == .folder else { return }
      return try parent.folder(unit.name).setAttributes(change.old)
    }
    let isPlaced = unit.new == nil ? false : try parent.entry(new) == nil
    if unit.replacesAtomically {
      if isPlaced, try parent.entry(old) != nil { try parent.rename(old, to: unit.name) }
    } else if unit.old == nil {
      if isPlaced { try parent.rename(unit.name, toFree: new) }
    } else if try parent.entry(old) != nil {
      if isPlaced { try parent.rename(unit.name, toFree: new) }
      try parent.rename(old, toFree: unit.name)
    }
  }

  private borrowing func discardTemporaries(of intent: InPlaceIntent) throws(Fault) {
    let next = try InPlaceStore.readInventory(InPlaceStore.nextInventory, in: store.folder)
    for group in intent.byFolder.reversed() {
      guard try exists(group.folder) else { continue }
      let parent = try folder.folder(beneath: group.folder)
      for unit in group.units {
        try Self.discard(unit, named: intent.newName(of: unit), next, in: parent)
        if unit.replacesAtomically { try parent.removeFile(intent.oldName(of: unit)) }
      }
      try parent.sync()
    }
  }

  /// Removes a temporary. What somebody put into a folder while that stood in its place goes back there.
  private static func discard(
    _ unit: InPlaceUnit, named new: FileName, _ next: InPlaceInventory?, in parent: borrowing Folder
  ) throws(Fault) {
    guard let next, try parent.entry(new)?.kind == .folder else { return try parent.removeTree(new) }
    let depth = unit.path.names.count
    for item in next.items.reversed() where item.path.isInside(unit.path) && item.path != unit.path {
      try remove(item.path.names.dropFirst(depth), in: parent.folder(new))
    }
    guard try parent.removeEmptyFolder(new) == false, try parent.entry(unit.name) == nil else { return }
    try parent.rename(new, toFree: unit.name)
  }

  /// Whether a folder is still there: what was in one that somebody removed needs nothing done.
  borrowing func exists(_ path: [FileName]) throws(Fault) -> Bool { try Self.exists(path[...], in: folder) }

  private static func exists(_ path: ArraySlice<FileName>, in folder: borrowing Folder) throws(Fault) -> Bool {
    guard let name = path.first else { return true }
    guard try folder.entry(name) != nil else { return false }
    return try exists(path.dropFirst(), in: folder.folder(name))
  }

  private borrowing func removeChecks() throws(Fault) {
    for name in try store.folder.names() where name.hasPrefix(InPlaceStore.checkPrefix) {
      try store.folder.removeTree(name)
    }
  }
}
