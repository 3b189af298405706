internal import CLibgit2
internal import Glibc

extension Repository {
  /// Objects of one pack: so many are held in memory at a time.
  static let mostPackedAtOnce = 50_000

  /// How many objects stand in files of their own, about: `git gc --auto` counts one of the 256 folders likewise.
  public var looseObjectsEstimate: Int {
    (0..<4).map { Self.names(in: "\(path)objects/\(Self.hex(UInt8($0 * 64 + 23)))").count }.reduce(0, +) * 64
  }

  /// Puts objects that stand in files of their own into packs, and removes the files.
  ///
  /// At any moment every object is there: a file is removed only when its object is in a pack that is durable. What a
  /// crash leaves is packed again by the next. Large objects stay, see ``largestPacked``. Others may read and write meanwhile.
  ///
  /// - Returns: How many were packed.
  public func packLooseObjects() throws(GitError) -> Int {
    // A handle of our own: packing takes seconds, and nobody is to wait for it.
    let own = try Repository.open(bareAt: path)
    var packed = 0
    var waiting: [ObjectID] = []
    for byte in UInt8.min...UInt8.max {
      let folder = Self.hex(byte)
      for name in Self.names(in: "\(path)objects/\(folder)") {
        guard let id = ObjectID(hex: folder + name), own.canPack(id) else { continue }
        waiting.append(id)
      }
      guard waiting.count >= Self.mostPackedAtOnce || byte == .max, !waiting.isEmpty else { continue }
      packed += try own.pack(waiting)
      waiting = []
    }
    return packed
  }

  /// A damaged object stays where it is, for whoever verifies or repairs it, and keeps no other from being packed.
  private func canPack(_ id: ObjectID) -> Bool {
    do throws(GitError) {
      guard let header = try header(of: id), header.size <= Self.largestPacked else { return false }
      return try kind(hashing: id) == header.kind
    } catch {
      return false
    }
  }

  private func pack(_ ids: [ObjectID]) throws(GitError) -> Int {
    let operation = "pack \(ids.count) objects"
    let folder = path + "objects"
    return try locked { (handle) throws(GitError) -> Int in
      let builder = try PackBuilder(reading: handle.repository)
      for id in ids { try builder.insert(id) }
      try builder.write(into: handle.database)
      builder.close()
      var packs: OpaquePointer?
      try check(git_odb_new(&packs), operation)
      defer { git_odb_free(packs) }
      var backend: UnsafeMutablePointer<git_odb_backend>?
      try check(git_odb_backend_pack(&backend, folder), operation)
      try check(git_odb_add_backend(packs, backend, 1), operation)
      var removed = 0
      for id in ids {
        var oid = id.oid
        guard git_odb_exists(packs, &oid) == 1 else { continue }
        let hex = id.hex
        if unlink("\(folder)/\(hex.prefix(2))/\(hex.dropFirst(2))") == 0 { removed += 1 }
      }
      return removed
    }
  }

  private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

  /// The names of loose objects in one of the 256 folders.
  private static func names(in folder: String) -> [String] { files(in: folder).filter { $0.utf8.count == 38 } }

  /// What a folder holds; nothing where it can't be read.
  static func files(in folder: String) -> [String] {
    guard let list = opendir(folder) else { return [] }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      names.append(name)
    }
    return names
  }
}
