import Glibc
import MooringModel

/// The inventories of all environments in a root, as they are; without the lock, and without making anything.
struct InPlaceRecords: ~Copyable {
  private let folder: Folder

  /// - Throws: `Fault` where the root holds no records.
  init(in root: borrowing Folder) throws(Fault) {
    guard try root.entry(InPlaceStore.folderName) != nil else {
      throw Self.gone(root.path(of: InPlaceStore.folderName))
    }
    let opened = try root.folder(InPlaceStore.folderName)
    try InPlaceStore.refuseStrangers(opened)
    folder = opened
  }

  private static func gone(_ place: String) -> Fault {
    Fault(
      .target, "the record of what Mooring put there is gone", at: place,
      remedy: "look whether the root's file system is mounted; the next deployment makes a new record")
  }

  /// What tells an environment's inventory from every other, without reading it: a record is never written to, but
  /// replaced by another file, with another inode.
  borrowing func key(
    of environment: EnvironmentName, watched: [RelativePath]
  ) throws(Fault) -> String {
    let store = try store(of: FileName(environment.string))
    var status = stat()
    guard fstatat(store.descriptor, InPlaceStore.inventory.terminated, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw Self.gone(store.path(of: InPlaceStore.inventory))
    }
    let stamp = FileStamp(status)
    let names = watched.map { "\($0.string.utf8.count):\($0)" }.joined(separator: ",")
    return "inPlace \(environment) \(stamp.device) \(stamp.text) \(stamp.modified) \(names)"
  }

  borrowing func items(of environment: EnvironmentName) throws(Fault) -> [InPlaceInventory.Item] {
    let store = try store(of: FileName(environment.string))
    guard let inventory = try InPlaceStore.readInventory(InPlaceStore.inventory, in: store) else {
      throw Self.gone(store.path(of: InPlaceStore.inventory))
    }
    return inventory.items
  }

  private borrowing func store(of name: FileName) throws(Fault) -> Folder {
    guard try folder.entry(name) != nil else { throw Self.gone(folder.path(of: name)) }
    let store = try folder.folder(name)
    try InPlaceStore.refuseStrangers(store)
    return store
  }

  /// What other environments put into the root; read when it is asked for.
  borrowing func others(than environment: EnvironmentName) throws(Fault) -> OtherInventories {
    OtherInventories(of: FileName(environment.string), in: try folder.folder("."))
  }
}

/// Which paths belong to other environments.
final class OtherInventories {
  private let own: FileName
  private let folder: Folder
  private var baselines: [Baseline]?

  fileprivate init(of own: FileName, in folder: consuming Folder) {
    self.own = own
    self.folder = folder
  }

  /// Whether one of them put something at the path or below it.
  func have(_ path: [[UInt8]]) throws -> Bool {
    let known = try baselines ?? read()
    baselines = known
    return known.contains { $0.index(at: path.map { FileName($0) }) != nil }
  }

  private func read() throws(Fault) -> [Baseline] {
    var found: [Baseline] = []
    for name in try folder.names() where name != own {
      guard try folder.entry(name)?.kind == .folder else { continue }
      let store = try folder.folder(name)
      for record in [InPlaceStore.inventory, InPlaceStore.nextInventory] {
        guard let inventory = try InPlaceStore.readInventory(record, in: store) else { continue }
        found.append(Baseline(of: inventory.items))
      }
    }
    return found
  }
}
