import Glibc
import MooringModel

/// What was found under a name, read as far as it has to be.
struct Sighting: Sendable {
  /// Larger files that aren't as they should be are told by their stamp.
  static let contentLimit = 8 << 20

  /// From before the reading, and unchanged after it where `isSettled`.
  var stamp: FileStamp
  var content: ContentID?
  /// Why the content isn't known, though it was to be.
  var problem: String?
  /// When the reading began, in nanoseconds since 1970.
  var moment: Int64 = 0
  /// Whether nobody wrote to it while it was read.
  var isSettled = true

  /// What is there, for others; the same for the same state, whatever was expected.
  func object(expecting expected: ContentID?) -> LiveObject {
    let owner = "\(stamp.owner):\(stamp.group)"
    if stamp.isLink { return LiveObject(kind: .link, content: content, problem: problem) }
    if stamp.isFolder { return LiveObject(kind: .folder, mode: stamp.permissions, owner: owner) }
    guard stamp.isFile else { return LiveObject(kind: .other, mode: stamp.permissions, owner: owner) }
    let isTold = content != nil && (stamp.size <= Self.contentLimit || content == expected)
    return LiveObject(
      kind: .file, content: isTold ? content : nil, size: Int(stamp.size), mode: stamp.permissions, owner: owner,
      stamp: isTold ? nil : stamp.text, problem: problem)
  }

  /// When it was last changed.
  var changed: Timestamp { Timestamp(milliseconds: stamp.changed / 1_000_000) }
}

/// Reads what stands under names of one folder. Never follows a link, never opens what isn't a regular file, and so
/// never waits for anybody.
struct SightReader: Sendable {
  let identity: @Sendable ([UInt8]) throws -> ContentID
  /// Larger files aren't read.
  let limit: Int

  private static let attempts = 3

  /// - Parameters:
  ///   - seen: What was there a moment ago; looked for where it isn't given.
  ///   - expected: The content that belongs there, and its size where that is known: what can't be equal and is large
  ///     isn't read.
  /// - Returns: `nil` where nothing has this name.
  func sight(
    _ name: UnsafePointer<CChar>, in folder: Int32, seen: FileStamp? = nil, expecting expected: ContentID?,
    size: Int64 = -1
  ) throws -> Sighting? {
    var last: Sighting?
    for attempt in 0..<Self.attempts {
      let known = attempt == 0 ? seen : nil
      guard let stamp = try known ?? stamp(of: name, in: folder) else { return nil }
      guard let sighting = try read(name, in: folder, stamp, expected, size) else { continue }
      if sighting.isSettled { return sighting }
      last = sighting
    }
    return last
  }

  private func stamp(of name: UnsafePointer<CChar>, in folder: Int32) throws -> FileStamp? {
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno == ENOENT { return nil }
      throw Fault.system(errno, cannot: "look at it", at: String(cString: name))
    }
    return FileStamp(status)
  }

  /// `nil` where something else has come to stand there.
  private func read(
    _ name: UnsafePointer<CChar>, in folder: Int32, _ stamp: FileStamp, _ expected: ContentID?, _ size: Int64
  ) throws -> Sighting? {
    var sighting = Sighting(stamp: stamp, moment: FileStamp.now)
    if stamp.isLink {
      guard let target = Self.target(of: name, in: folder) else { return nil }
      sighting.content = try identity(target)
      return sighting
    }
    guard stamp.isFile else { return sighting }
    if stamp.size > limit {
      sighting.problem = "larger than \(limit) bytes"
      return sighting
    }
    let canBeEqual = expected != nil && (size < 0 || size == stamp.size)
    if stamp.size > Sighting.contentLimit && !canBeEqual { return sighting }
    return try readFile(name, in: folder, &sighting) ? sighting : nil
  }

  private func readFile(_ name: UnsafePointer<CChar>, in folder: Int32, _ sighting: inout Sighting) throws -> Bool {
    let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard file >= 0 else {
      if [ENOENT, ELOOP, ENXIO, ENOTDIR].contains(errno) { return false }
      sighting.problem = Fault.meaning(of: errno)
      return true
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, FileStamp(status).isFile, status.st_size <= limit else { return false }
    let (bytes, code) = Folder.contents(of: file, size: Int(status.st_size))
    guard code == 0, fstat(file, &status) == 0 else {
      sighting.problem = Fault.meaning(of: code)
      return true
    }
    sighting.isSettled = FileStamp(status) == sighting.stamp && bytes.count == Int(status.st_size)
    sighting.stamp = FileStamp(status)
    sighting.content = try identity(bytes)
    return true
  }

  static func target(of name: UnsafePointer<CChar>, in folder: Int32) -> [UInt8]? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let count = readlinkat(folder, name, start, buffer.count)
      return count < 0 ? nil : buffer[..<count].map { UInt8(bitPattern: $0) }
    }
  }
}
