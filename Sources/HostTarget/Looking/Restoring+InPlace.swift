import Glibc
import MooringModel

/// Which objects are being put back, durably, so that what a crash leaves is found.
struct InPlaceRestoring: Codable {
  static let name: FileName = "restoring.json"

  var objects: [ObjectName]
}

extension InPlaceLayout {
  /// What is replaced or removed is kept, as a deployment does.
  func restore(_ restorations: [Restoration], _ contents: any ReleaseContents) throws -> StepReport {
    identity = { try contents.identity(of: $0) }
    let root = try InPlaceRoot(options, of: environment)
    try root.recover()
    guard let inventory = try root.inventory() else {
      throw Fault(
        .target, "the record of what Mooring put there is gone", at: options.root, remedy: "deploy again")
    }
    try root.store.write(InPlaceRestoring(objects: restorations.map(\.object)), to: InPlaceRestoring.name)
    var restorer = ObjectRestorer(
      top: try root.folder.folder("."), workshop: nil, kept: try root.newKeptCopies(limit: options.limits.fileBytes),
      baseline: Baseline(of: inventory.items), contents: contents, limits: options.limits)
    try restorer.restore(restorations.map { ($0, $0.object.components.map { FileName($0) }) })
    try root.finishRestoring()
    return try restorer.tally.report(at: options.root)
  }
}

extension InPlaceRoot {
  borrowing func newKeptCopies(limit: Int) throws -> KeptCopies {
    let kept = try store.folder.folder(madeIfMissing: InPlaceStore.kept, permissions: 0o700)
    return KeptCopies(try kept.folder(madeIfMissing: FileName(Self.newToken()), permissions: 0o700), limit: limit)
  }

  borrowing func finishRestoring() throws(Fault) {
    try store.folder.removeFile(InPlaceRestoring.name)
    try store.folder.sync()
  }

  /// Puts away what a stop left under temporary names: the new things, or what they replaced.
  borrowing func recoverRestoring(limit: Int) throws {
    guard let left = try InPlaceStore.read(InPlaceRestoring.self, InPlaceRestoring.name, in: store.folder) else {
      return
    }
    let kept = try newKeptCopies(limit: limit)
    for object in left.objects {
      let path = object.components.map { FileName($0) }
      // Folders on the way may have been made for it.
      for depth in path.indices { try recover(Array(path.prefix(depth + 1)), kept) }
    }
    try finishRestoring()
  }

  private borrowing func recover(_ path: [FileName], _ kept: KeptCopies) throws {
    guard try exists(path.dropLast()) else { return }
    let parent = try folder.folder(beneath: path.dropLast())
    let temporary = PutBack.temporary(for: ObjectName(path))
    guard try parent.entry(temporary) != nil else { return }
    try kept.keep(temporary, of: path, in: parent)
    try parent.removeTree(temporary)
  }
}
