import Glibc
import MooringModel

/// One look at what is live, against what Mooring left there.
///
/// Folders are listed, entries are looked at, and only files whose stamp has moved are read. Everything goes through open
/// folders, name by name, and no link is followed: what somebody renames meanwhile is a difference, and never a way out.
struct LiveLook {
  /// What is about the target, and not about what was found.
  struct Subject {
    var reader: SightReader
    var rules: LookRules
    /// Before each object's path, with a `/` at its end where it isn't empty.
    var prefix: [UInt8]
    /// The name of the folder itself.
    var top: ObjectName
    /// Whether a name is one of Mooring's own, and no object. Gets the path of its folder.
    var isPrivate: @Sendable (ArraySlice<UInt8>, UnsafePointer<CChar>) -> Bool = { _, _ in false }
    /// Whether a path that isn't ours belongs to another environment.
    var isTheirs: (_ path: [[UInt8]]) throws -> Bool = { _ in false }
  }

  /// A file that has to be read, or that came out odd.
  struct Unsure {
    var index: Int
    var stamp: FileStamp
  }

  let subject: Subject
  var baseline: Baseline
  /// Whether more is known than before.
  var hasLearned = false
  var differences: [LiveDifference] = []
  var unseen: [ObjectName: String] = [:]
  var compared = 0
  /// Of the folder that is being looked at.
  var path: [UInt8]
  private let round: UInt32

  init(_ subject: Subject, _ baseline: consuming Baseline) {
    self.subject = subject
    self.baseline = baseline
    path = subject.prefix
    round = (baseline.records.first?.round ?? 0) &+ 1
    if !self.baseline.records.isEmpty { self.baseline.records[0].round = round }
  }

  var report: LiveReport {
    LiveReport(differences: differences.sorted { $0.object < $1.object }, compared: compared, unseen: unseen)
  }

  // MARK: Objects of ours

  /// Looks at one object of ours, and at everything in it.
  ///
  /// - Parameters:
  ///   - folder: The open folder that it belongs in.
  ///   - unsure: Takes files that must be read, for ``settle(_:in:)``.
  mutating func compare(_ index: Int, in folder: Int32, _ unsure: inout [Unsure]) throws {
    let record = baseline.records[index]
    guard !record.has(Baseline.Record.isIgnored) else { return }
    var status = stat()
    guard withName(of: index, { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else {
      let code = errno
      if code == ENOENT { return noteMissing(index, since: Self.changed(folder)) }
      unseen[object(index)] = Fault.meaning(of: code)
      return
    }
    let stamp = FileStamp(status)
    guard !record.isFolder else { return try compareFolder(index, stamp, in: folder) }
    compared += 1
    guard record.has(Baseline.Record.isKnown), record.stamp == stamp else {
      return unsure.append(Unsure(index: index, stamp: stamp))
    }
    if !Self.isRight(record) { note(index, Sighting(stamp: stamp, content: record.found.id)) }
  }

  static func isRight(_ record: Baseline.Record) -> Bool {
    let stamp = record.stamp
    guard record.found == record.content else { return false }
    if record.kind == Baseline.Record.link { return stamp.isLink }
    return stamp.isFile && stamp.permissions == record.mode && stamp.owner == record.owner
      && stamp.group == record.group
  }

  func note(_ sighting: Sighting, as index: Int) -> LiveDifference {
    let record = baseline.records[index]
    return LiveDifference(
      object: object(index), expected: record.expected, found: sighting.object(expecting: record.content.id),
      changed: sighting.changed)
  }

  mutating func note(_ index: Int, _ sighting: Sighting) { differences.append(note(sighting, as: index)) }

  /// An object isn't there, and so nothing that belongs in it.
  mutating func noteMissing(_ index: Int, since changed: Timestamp?) {
    let record = baseline.records[index]
    guard !record.has(Baseline.Record.isIgnored) else { return }
    if record.kind != Baseline.Record.passage {
      compared += 1
      differences.append(
        LiveDifference(object: object(index), expected: record.expected, found: nil, changed: changed))
    }
    noteContentsMissing(index, since: changed)
  }

  private mutating func noteContentsMissing(_ index: Int, since changed: Timestamp?) {
    // Where the top is gone, that says it all.
    guard index != 0 else { return }
    enter(index)
    for child in baseline.records[index].children { noteMissing(child, since: changed) }
    leave(index)
  }

  // MARK: Folders

  /// Opens the folder, and judges what was opened; tries again where somebody put something else there meanwhile.
  private mutating func compareFolder(_ index: Int, _ seen: FileStamp, in parent: Int32) throws {
    var stamp = seen
    var status = stat()
    for _ in 0..<3 where stamp.isFolder {
      let opened = withName(of: index) { FolderStream.open($0, in: parent) }
      if opened < 0, ![ENOENT, ENOTDIR, ELOOP].contains(errno) {
        let code = errno
        try judgeFolder(index, stamp, in: parent)
        unseen[object(index)] = Fault.meaning(of: code)
        return
      }
      if let stream = FolderStream(opened) {
        if fstat(stream.descriptor, &status) == 0 { stamp = FileStamp(status) }
        try judgeFolder(index, stamp, in: parent)
        return try compareContents(of: index, in: stream)
      }
      guard withName(of: index, { fstatat(parent, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else {
        return noteMissing(index, since: Self.changed(parent))
      }
      stamp = FileStamp(status)
    }
    try judgeFolder(index, stamp, in: parent)
    noteContentsMissing(index, since: Sighting(stamp: stamp).changed)
  }

  private mutating func judgeFolder(_ index: Int, _ stamp: FileStamp, in parent: Int32) throws {
    let record = baseline.records[index]
    let isOurs = record.kind == Baseline.Record.folder
    if isOurs { compared += 1 }
    let isRight =
      stamp.isFolder
      && (!isOurs || (stamp.permissions == record.mode && stamp.owner == record.owner && stamp.group == record.group))
    guard !isRight else { return }
    // What stands in the folder's place is read like anything else, to be known again.
    let reader = subject.reader
    let seen = try withName(of: index) { name in Result { try reader.sight(name, in: parent, expecting: nil) } }.get()
    note(index, stamp.isFolder ? Sighting(stamp: stamp) : seen ?? Sighting(stamp: stamp))
  }

  /// Compares everything that an open folder holds.
  mutating func compareContents(of index: Int, in stream: borrowing FolderStream) throws {
    try Task.checkCancellation()
    if try isUnmounted(index, stream) {
      unseen[object(index)] = "empty, and another file system than before: something isn't mounted there"
      return
    }
    enter(index)
    defer { leave(index) }
    var unsure: [Unsure] = []
    var strangers: [FileName] = []
    if baseline.records[index].has(Baseline.Record.isWatched) {
      let code = try list(index, stream, &unsure, &strangers)
      if code != 0 { unseen[folderName] = Fault.meaning(of: code) }
    }
    for child in baseline.records[index].children where baseline.records[child].round != round {
      baseline.records[child].round = round
      try compare(child, in: stream.descriptor, &unsure)
    }
    try settle(unsure, in: stream.descriptor)
    for name in strangers { try compareStranger(name, in: stream.descriptor) }
  }

  private mutating func list(
    _ index: Int, _ stream: borrowing FolderStream, _ unsure: inout [Unsure], _ strangers: inout [FileName]
  ) throws -> Int32 {
    let folder = stream.descriptor
    return try stream.forEach { name, length in
      if let child = baseline.child(of: index, named: name, length: length) {
        guard baseline.records[child].round != round else { return }
        baseline.records[child].round = round
        try compare(child, in: folder, &unsure)
      } else if !subject.isPrivate(path[...], name) {
        strangers.append(FileName(UnsafeRawBufferPointer(start: name, count: length)))
      }
    }
  }

  /// Whether a folder has come to another device than before, and nothing of ours is in it.
  private mutating func isUnmounted(_ index: Int, _ stream: borrowing FolderStream) throws -> Bool {
    var status = stat()
    guard fstat(stream.descriptor, &status) == 0 else { return false }
    let (before, now) = (baseline.records[index].stamp.device, UInt64(status.st_dev))
    guard before != now else { return false }
    let children = baseline.records[index].children
    let isDeserted =
      !children.isEmpty
      && children.allSatisfy { child in
        withName(of: child) { fstatat(stream.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) } != 0 && errno == ENOENT
      }
    if isDeserted { return before != 0 }
    baseline.records[index].stamp.device = now
    hasLearned = true
    return false
  }

  // MARK: Names

  func withName<Result>(of index: Int, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let start = Int(baseline.records[index].name)
    return baseline.names.withUnsafeBytes { names in
      guard let first = names.baseAddress else { return "".withCString(body) }
      return body(first.advanced(by: start).assumingMemoryBound(to: CChar.self))
    }
  }

  func object(_ index: Int) -> ObjectName {
    index == 0 ? subject.top : ObjectName(path: path + baseline.name(of: index))
  }

  func object(_ name: FileName) -> ObjectName { ObjectName(path: path + name.bytes) }

  private var folderName: ObjectName {
    path.count <= subject.prefix.count ? subject.top : ObjectName(path: path.dropLast())
  }

  mutating func enter(_ index: Int) {
    guard index != 0 else { return }
    path += baseline.name(of: index)
    path.append(UInt8(ascii: "/"))
  }

  mutating func leave(_ index: Int) {
    guard index != 0 else { return }
    path.removeLast(baseline.name(of: index).count + 1)
  }

  /// When a folder last lost or got a name.
  static func changed(_ folder: Int32) -> Timestamp? {
    var status = stat()
    guard fstat(folder, &status) == 0 else { return nil }
    return Sighting(stamp: FileStamp(status)).changed
  }
}
