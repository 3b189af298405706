import Glibc
import MooringModel

extension InPlaceRoot {
  /// Brings the root to a release: whole, or back to what it was.
  ///
  /// The intent is durable before the first temporary file, and says where each is. Temporaries, second names of what
  /// is replaced, and the next inventory are durable before the intent says `placing`, which is before the first rename.
  /// The next inventory's rename to its place is what makes the release live.
  borrowing func apply(
    _ changes: InPlaceChanges, release: ReleaseDigest, contents: any ReleaseContents, options: HostTargetOptions
  ) throws {
    let next = InPlaceInventory(release: release, items: changes.items.sorted { $0.path < $1.path })
    guard !changes.changes.isEmpty else {
      try store.write(next, to: InPlaceStore.inventory)
      return
    }
    var intent = InPlaceIntent(
      token: Self.newToken(), phase: .preparing, release: release, units: changes.changes.map(\.unit))
    try store.write(intent, to: InPlaceStore.intent)
    do {
      try keepCopies(of: changes.kept, token: intent.token, limit: options.limits.fileBytes)
      try prepare(changes, intent, contents: contents, options: options)
      try store.write(next, to: InPlaceStore.nextInventory)
      intent.phase = .placing
      try store.write(intent, to: InPlaceStore.intent)
      try place(intent, seen: changes.changes.map(\.seen))
      try commit()
    } catch {
      try undo(intent, because: error)
      throw error
    }
    try cleanUp(intent)
  }

  static func newToken() -> String {
    let digits = String(UInt32.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// From here on the release is live; what is left of the old one goes.
  borrowing func commit() throws(Fault) {
    try store.folder.rename(InPlaceStore.nextInventory, to: InPlaceStore.inventory)
    try store.folder.sync()
  }

  /// Writes what is to be there beside its place, and gives what it replaces a second name.
  private borrowing func prepare(
    _ changes: InPlaceChanges, _ intent: InPlaceIntent, contents: any ReleaseContents, options: HostTargetOptions
  ) throws {
    // Many files at once: one `syncfs` a file system is a tenth of the time of an `fsync` a file.
    let isLarge = changes.items.count > 16 && changes.changes.count { $0.node != nil } > 4
    var writer = InPlaceWriter(contents: contents, limits: options.limits, isDurable: !isLarge)
    let nodes = Dictionary(uniqueKeysWithValues: changes.changes.map { ($0.unit.number, $0) })
    for group in intent.byFolder {
      let parent = try folder.folder(beneath: group.folder)
      for unit in group.units {
        guard let node = nodes[unit.number]?.node else { continue }
        try Task.checkCancellation()
        try writer.write(node, as: intent.newName(of: unit), in: parent, at: unit.path.string)
        if unit.replacesAtomically {
          try parent.keep(unit.name, as: intent.oldName(of: unit), limit: options.limits.fileBytes)
        }
      }
      if !isLarge { try parent.sync() }
    }
    if isLarge { try syncFileSystems(of: intent) }
  }

  /// Once for each file system that a folder of the deployment is on.
  private borrowing func syncFileSystems(of intent: InPlaceIntent) throws {
    var synced: Set<dev_t> = []
    for group in intent.byFolder {
      let parent = try folder.folder(beneath: group.folder)
      if synced.insert(try parent.ownEntry().device).inserted { try parent.syncFileSystem() }
    }
  }

  /// Copies what is about to be replaced though Mooring didn't write it.
  private borrowing func keepCopies(of paths: [RelativePath], token: String, limit: Int) throws {
    guard !paths.isEmpty else { return }
    let kept = try store.folder.folder(madeIfMissing: InPlaceStore.kept, permissions: 0o700)
    let own = try kept.folder(madeIfMissing: FileName(token), permissions: 0o700)
    for path in paths {
      try InPlaceWriter.copy(path.names[...], from: folder.folder(beneath: []), to: own, limit: limit)
    }
    try own.sync()
  }
}
