internal import CLibgit2
internal import Glibc

extension Repository {
  /// Objects of one joined pack at most, as many as are compared with each other at a time.
  static let mostJoined = 100_000
  /// A pack that holds a larger object stays as it is: looking for what such objects have in common takes seconds each.
  static let largestJoined: UInt64 = 1 << 20

  /// How many packs there are.
  public var packCount: Int { packNames.count }

  /// Joins small packs into one, where there are more than `most`: each fetch makes one, and who looks for an object that
  /// isn't there asks all of them.
  ///
  /// Those are joined, from the smallest on, that keep every other pack from being twice as large as all smaller ones
  /// together, as `git repack --geometric=2` does: so an object is written again seldom. A pack is removed only when each
  /// of its objects is in the new one, and that is durable. Others may read and write meanwhile: they find there what they
  /// miss. Packs that somebody keeps (`.keep`), and folders with an index of many packs, are left alone.
  ///
  /// - Returns: How many packs became one; 0 where nothing was to be done.
  public func joinPacks(over most: Int) throws(GitError) -> Int {
    guard packCount > most, access(path + "objects/pack/multi-pack-index", F_OK) != 0 else { return 0 }
    // A handle of our own: joining takes seconds, and nobody is to wait for it.
    let own = try Repository.open(bareAt: path)
    var packs: [StoredPack] = []
    for name in packNames where access("\(folder)/\(name).keep", F_OK) != 0 {
      // What can't be read is for who verifies or repairs it, and keeps no other from being joined.
      guard let pack = try? StoredPack(at: "\(folder)/\(name)"), pack.ids.count <= Self.mostJoined else { continue }
      packs.append(pack)
    }
    var joined: [StoredPack] = []
    for pack in Self.smallest(of: packs) where try own.canJoin(pack) { joined.append(pack) }
    guard joined.count > 1 else { return 0 }
    try own.join(joined)
    return joined.count
  }

  private var folder: String { path + "objects/pack" }

  /// `pack-1f2e…`
  private var packNames: [String] {
    Self.files(in: folder).filter { $0.hasPrefix("pack-") && $0.hasSuffix(".idx") }.map { String($0.dropLast(4)) }
      .sorted()
  }

  private static func smallest(of packs: [StoredPack]) -> ArraySlice<StoredPack> {
    let sorted = packs.sorted { ($0.ids.count, $0.path) < ($1.ids.count, $1.path) }
    guard
      let unbalanced = sorted.indices.dropFirst().last(where: { sorted[$0].ids.count < 2 * sorted[$0 - 1].ids.count })
    else { return [] }
    var total = 0
    var end = 0
    while end < sorted.count, total + sorted[end].ids.count <= mostJoined,
      end <= unbalanced || sorted[end].ids.count < 2 * total
    {
      total += sorted[end].ids.count
      end += 1
    }
    return sorted[..<end]
  }

  private func canJoin(_ pack: StoredPack) throws(GitError) -> Bool {
    for id in pack.ids {
      guard let header = try header(of: id), header.size <= Self.largestJoined else { return false }
    }
    return true
  }

  private func join(_ packs: [StoredPack]) throws(GitError) {
    let operation = "join \(packs.count) packs"
    let before = Set(packNames)
    try locked { (handle) throws(GitError) in
      let builder = try PackBuilder(reading: handle.repository)
      for pack in packs { for id in pack.ids { try builder.insert(id) } }
      try builder.write(into: handle.database)
    }
    let new = packNames.filter { !before.contains($0) }
    try Self.withObjects(of: new.map { "\(folder)/\($0).idx" }, operation) { (holds) throws(GitError) in
      for pack in packs where pack.ids.allSatisfy(holds) { pack.remove() }
    }
  }

  /// Lends whether one of some packs, and nothing else, has an object.
  private static func withObjects(
    of indexes: [String], _ operation: String, _ body: ((ObjectID) -> Bool) throws(GitError) -> Void
  ) throws(GitError) {
    var database: OpaquePointer?
    try check(git_odb_new(&database), operation)
    defer { git_odb_free(database) }
    for index in indexes {
      var backend: UnsafeMutablePointer<git_odb_backend>?
      try check(git_odb_backend_one_pack(&backend, index), operation)
      try check(git_odb_add_backend(database, backend, 1), operation)
    }
    try body { id in
      var oid = id.oid
      return git_odb_exists(database, &oid) == 1
    }
  }
}

/// A pack in a folder of them, and which objects its index says it holds.
///
/// The index's format, version 2: https://git-scm.com/docs/gitformat-pack
private struct StoredPack {
  /// Without `.pack`.
  let path: String
  let ids: [ObjectID]

  init(at path: String) throws(GitError) {
    self.path = path
    let operation = "read the index of the pack \(path)"
    let bytes = try Self.read(path + ".idx", operation)
    let fanOut = 8 + 256 * 4
    guard bytes.count > fanOut, Array(bytes[..<8]) == [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2] else {
      throw GitError(.invalid, "not an index of version 2", operation: operation)
    }
    let count = bytes[(fanOut - 4)..<fanOut].reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= fanOut + count * 20 else {
      throw GitError(.invalid, "it is cut off", operation: operation)
    }
    ids = (0..<count).compactMap { ObjectID(bytes: bytes[(fanOut + $0 * 20)..<(fanOut + $0 * 20 + 20)]) }
  }

  private static func read(_ path: String, _ operation: String) throws(GitError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw GitError(.unreadable, String(cString: strerror(errno)), operation: operation)
    }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(0, size)) { buffer, count in
      while count < size {
        let got = pread(descriptor, buffer.baseAddress?.advanced(by: count), size - count, off_t(count))
        if got < 0 && errno == EINTR { continue }
        failure = got < 0 ? errno : 0
        guard got > 0 else { return }
        count += got
      }
    }
    guard failure == 0 else {
      throw GitError(.unreadable, String(cString: strerror(failure)), operation: operation)
    }
    return bytes
  }

  /// The index first: a pack without one is no part of the repository, an index without its pack a broken one.
  func remove() {
    for end in [".idx", ".rev", ".bitmap", ".pack"] { unlink(path + end) }
  }
}
