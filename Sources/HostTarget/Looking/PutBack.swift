import MooringModel

/// One object that is to be put back.
struct PutBack {
  static let prefix = ".mooring-put-"

  enum Outcome {
    case restored
    /// It is as it should be.
    case right
    /// It isn't any more what was seen.
    case changed
  }

  let object: ObjectName
  /// Below the folder that is worked in.
  let path: [FileName]
  let seen: LiveObject?
  /// What belongs there; `nil` where nothing of ours does.
  let record: Baseline.Record?
  /// What is written, where that isn't the release's.
  let bytes: [UInt8]?
  /// What was found there before anything was done.
  var before: Sighting?

  init(
    _ restoration: Restoration, at path: [FileName], record: Baseline.Record?, temporary: FileName? = nil
  ) {
    self.temporary = temporary ?? Self.temporary(for: restoration.object)
    object = restoration.object
    seen = restoration.seen
    bytes = restoration.part?.bytes
    self.path = path
    self.record = restoration.part.map { record?.with($0, asSeen: restoration.seen) } ?? record
  }

  var name: FileName { path.last ?? "" }
  var folder: [FileName] { Array(path.dropLast()) }
  var expected: ContentID? { record?.content.id }
  var isFolder: Bool { record?.kind == Baseline.Record.folder }

  /// What it is made under, or goes to: the same after a crash.
  let temporary: FileName

  static func temporary(for object: ObjectName) -> FileName {
    // FNV-1a
    let sum = object.string.utf8.reduce(into: UInt64(0xCBF2_9CE4_8422_2325)) { sum, byte in
      sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return FileName(prefix + String(sum, radix: 16))
  }

  var account: Account { Account(owner: record?.owner ?? 0, group: record?.group ?? 0) }

  /// Whether this is what belongs there.
  func isRight(_ found: LiveObject?) -> Bool {
    guard let wanted = record?.expected else { return found == nil }
    return found?.kind == wanted.kind && found?.content == wanted.content && found?.mode == wanted.mode
      && found?.owner == wanted.owner
  }

  /// Whether what came out of its place is what was found there: a rename moves nothing but the time of the last change.
  func isSame(_ now: Sighting?) -> Bool {
    guard let before, let now else { return false }
    let (old, new) = (before.stamp, now.stamp)
    if old.isFolder {
      return old.device == new.device && old.inode == new.inode && old.mode == new.mode && old.owner == new.owner
        && old.group == new.group
    }
    return old.isSame(beforeRename: new) && before.content == now.content
  }
}

extension Baseline.Record {
  /// The same with other content, and with the attributes that were seen: only fields are put back.
  fileprivate func with(_ part: Restoration.Part, asSeen seen: LiveObject?) -> Self {
    var record = self
    record.content = Baseline.Content(part.content)
    record.size = Int64(part.bytes.count)
    record.mode = seen?.mode ?? mode
    let owner = (seen?.owner ?? "").split(separator: ":").compactMap { UInt32($0) }
    if owner.count == 2 { (record.owner, record.group) = (owner[0], owner[1]) }
    return record
  }
}

/// What came of putting objects back.
struct PutBackTally {
  private static let named = 10

  var restored = 0
  var changed: [ObjectName] = []
  var failures: [Fault] = []

  mutating func add(_ outcome: PutBack.Outcome, of object: ObjectName) {
    switch outcome {
    case .restored: restored += 1
    case .right: break
    case .changed: changed.append(object)
    }
  }

  mutating func add(_ error: any Error, of object: ObjectName) {
    failures.append(error as? Fault ?? Fault(.unexpected, "\(error)", at: object.string))
  }

  mutating func add(_ other: PutBackTally) {
    restored += other.restored
    changed += other.changed
    failures += other.failures
  }

  /// Each further one would cost as much and say the same.
  var hasFailedOften: Bool { failures.count >= Self.named }

  /// - Throws: `Fault` where not everything was put back.
  func report(at root: String) throws(Fault) -> StepReport {
    let objects = "\(restored) \(restored == 1 ? "object" : "objects")"
    guard changed.isEmpty && failures.isEmpty else { throw fault(after: objects, at: root) }
    return StepReport(step: .restore, summary: "put back \(objects)")
  }

  private func fault(after objects: String, at root: String) -> Fault {
    var parts = ["put back \(objects)"]
    if !changed.isEmpty {
      let names = changed.prefix(Self.named).map(\.string).joined(separator: ", ")
      let more = changed.count > Self.named ? ", and \(changed.count - Self.named) more" : ""
      parts.append("left \(changed.count) that changed meanwhile: \(names)\(more)")
    }
    if let first = failures.first {
      parts.append("could not put back \(failures.count): \(first.place.map { "\($0): " } ?? "")\(first.what)")
    }
    return Fault(
      failures.isEmpty ? .conflict : .target, parts.joined(separator: "; "), at: root,
      remedy: failures.first?.remedy ?? "look at what is there now, and repeat")
  }
}
