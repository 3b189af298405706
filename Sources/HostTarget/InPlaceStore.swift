import FoundationEssentials
import Glibc
import MooringModel

/// `<root>/.mooring/<environment>/`: the inventory, the intent of a deployment under way, and copies of what was
/// replaced. Kept in the root, so that whoever takes the environment over finds it, and root and record go together.
struct InPlaceStore: ~Copyable {
  static let folderName: FileName = ".mooring"
  static let inventory: FileName = "inventory.json"
  static let nextInventory: FileName = "inventory-next.json"
  static let intent: FileName = "intent.json"
  static let kept: FileName = "kept"
  static let checkPrefix = "check-"
  /// Bytes of one record: a million paths of 250 bytes.
  private static let recordLimit = 512 << 20

  let folder: Folder
  private let lock: Int32

  /// Opens it, made where it is missing, and waits until nobody else works on the root.
  init(of environment: EnvironmentName, in root: borrowing Folder) throws(Fault) {
    let all = try root.folder(madeIfMissing: Self.folderName, permissions: 0o700)
    try Self.refuseStrangers(all)
    let lock = openat(all.descriptor, ".lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw .system(errno, cannot: "open the lock", at: all.path(of: ".lock")) }
    do throws(Fault) {
      while flock(lock, LOCK_EX) != 0 {
        guard errno == EINTR else { throw Fault.system(errno, cannot: "lock the root", at: all.place) }
      }
      let own = try all.folder(madeIfMissing: FileName(environment.string), permissions: 0o700)
      try Self.refuseStrangers(own)
      folder = own
    } catch {
      close(lock)
      throw error
    }
    self.lock = lock
  }

  deinit { close(lock) }

  /// What others can write can't be believed.
  static func refuseStrangers(_ folder: borrowing Folder) throws(Fault) {
    let entry = try folder.ownEntry()
    guard entry.owner == geteuid(), entry.permissions & 0o022 == 0 else {
      throw Fault(
        .target, "Mooring's own folder belongs to somebody else, or others can write to it", at: folder.place,
        remedy: "look who changed it; then `chown` it to the user that runs Mooring, and `chmod 700` it")
    }
  }

  /// A record; `nil` where there is none.
  static func read<Record: Decodable>(
    _ type: Record.Type, _ name: FileName, in folder: borrowing Folder
  ) throws(Fault) -> Record? {
    guard try folder.entry(name) != nil else { return nil }
    let remedy = "restore it from a backup; files at the target are left alone"
    guard let (bytes, _) = try folder.read(name, limit: recordLimit) else {
      throw Fault(.target, "Mooring's record can't be read", at: folder.path(of: name), remedy: remedy)
    }
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw Fault(.target, "Mooring's record is damaged: \(error)", at: folder.path(of: name), remedy: remedy)
    }
  }

  static func readInventory(_ name: FileName, in folder: borrowing Folder) throws(Fault) -> InPlaceInventory? {
    let inventory = try read(InPlaceInventory.self, name, in: folder)
    try check(inventory?.version, is: InPlaceInventory.version, at: folder.path(of: name))
    return inventory
  }

  borrowing func readIntent() throws(Fault) -> InPlaceIntent? {
    let intent = try Self.read(InPlaceIntent.self, Self.intent, in: folder)
    try Self.check(intent?.version, is: InPlaceIntent.version, at: folder.path(of: Self.intent))
    guard intent?.isSound ?? true else {
      throw Fault(.target, "Mooring's record is damaged", at: folder.path(of: Self.intent), remedy: "restore it")
    }
    return intent
  }

  private static func check(_ version: Int?, is known: Int, at place: String) throws(Fault) {
    guard let version, version != known else { return }
    throw Fault(
      .target, "the record is of version \(version), and this program knows \(known)", at: place,
      remedy: "use the Mooring that wrote it, or a newer one")
  }

  /// Replaces a record, whole and durably.
  borrowing func write(_ record: some Encodable, to name: FileName) throws {
    let new = Self.unfinished(name)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = Array(try encoder.encode(record))
    try folder.removeFile(new)
    do {
      try folder.write(bytes, to: new, permissions: 0o600, durably: true)
    } catch {
      // On a full disk the half that was written would stay in the way; what has failed is told.
      try? folder.removeFile(new)
      throw error
    }
    try folder.rename(new, to: name)
    try folder.sync()
  }

  /// Removes what a program that stopped had begun to write, and that no record's name led to yet.
  borrowing func removeUnfinished() throws(Fault) {
    for name in [Self.inventory, Self.nextInventory, Self.intent, InPlaceRestoring.name] {
      try folder.removeFile(Self.unfinished(name))
    }
  }

  private static func unfinished(_ name: FileName) -> FileName { FileName(name.description + ".new") }
}
