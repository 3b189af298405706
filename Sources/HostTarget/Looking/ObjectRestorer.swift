import CLinux
import Glibc
import MooringModel

/// Puts single objects back as Mooring left them, each only if it still is what was seen.
///
/// The new thing is written under a name of ours and made durable; then one rename exchanges it with what is there. What
/// comes out is looked at, and goes back where it isn't what was seen. So at each moment the old or the new one stands in
/// the place, and nothing that somebody did meanwhile is lost.
struct ObjectRestorer: ~Copyable {
  /// An open folder that several may refer to.
  final class Place {
    let folder: Folder
    init(_ folder: consuming Folder) { self.folder = folder }
  }

  /// Objects that are made durable together.
  private static let batch = 512
  /// From so many on, one `syncfs` is quicker than an `fsync` each.
  private static let few = 8

  /// Where all paths begin.
  let top: Folder
  /// Where temporaries are; `nil` for beside what they replace.
  let workshop: Place?
  /// Where what is replaced goes; `nil` where it is removed.
  let kept: KeptCopies?
  let baseline: Baseline
  let contents: any ReleaseContents
  let reader: SightReader
  /// Of links that aren't in the release, where they lead.
  let links: [[FileName]: FileName]
  private(set) var tally = PutBackTally()

  init(
    top: consuming Folder, workshop: Place?, kept: KeptCopies?, baseline: Baseline, contents: any ReleaseContents,
    limits: HostTargetOptions.Limits, links: [[FileName]: FileName] = [:]
  ) {
    self.top = top
    self.workshop = workshop
    self.kept = kept
    self.baseline = baseline
    self.contents = contents
    self.links = links
    reader = SightReader(identity: { try contents.identity(of: $0) }, limit: limits.fileBytes)
  }

  /// Folders first, since others belong in them; then everything else.
  mutating func restore(_ restorations: [(restoration: Restoration, path: [FileName])]) throws {
    var (folders, others): ([PutBack], [PutBack]) = ([], [])
    for (restoration, path) in restorations.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
      let record = baseline.index(at: path).map { baseline.records[$0] }
      let item = PutBack(restoration, at: path, record: record)
      if item.isFolder { folders.append(item) } else { others.append(item) }
    }
    for folder in folders { try restore([folder][...]) }
    for start in stride(from: 0, to: others.count, by: Self.batch) {
      try restore(others[start..<min(start + Self.batch, others.count)])
    }
  }

  private mutating func restore(_ items: ArraySlice<PutBack>) throws {
    try Task.checkCancellation()
    var prepared: [PutBack] = []
    for item in items where !tally.hasFailedOften {
      var item = item
      do {
        if let outcome = try prepare(&item, durably: items.count <= Self.few) {
          tally.add(outcome, of: item.object)
        } else {
          prepared.append(item)
        }
      } catch {
        tally.add(error, of: item.object)
      }
    }
    if items.count > Self.few { try syncFileSystems(of: prepared) }
    for item in prepared {
      do { tally.add(try place(item), of: item.object) } catch { tally.add(error, of: item.object) }
    }
    if prepared.count > Self.few { try syncFileSystems(of: prepared) }
  }

  private borrowing func syncFileSystems(of items: [PutBack]) throws {
    var synced: Set<dev_t> = []
    for folder in Set(items.map(\.folder)) {
      guard let parent = try? top.folder(beneath: folder) else { continue }
      if synced.insert(try parent.ownEntry().device).inserted { try parent.syncFileSystem() }
    }
    try workshop?.folder.syncFileSystem()
  }

  /// Puts one object back under a temporary name of the caller's.
  mutating func restore(
    _ restoration: Restoration, at path: [FileName], as temporary: FileName
  ) throws -> PutBack.Outcome {
    let record = baseline.index(at: path).map { baseline.records[$0] }
    var item = PutBack(restoration, at: path, record: record, temporary: temporary)
    return try prepare(&item, durably: true) ?? place(item)
  }

  // MARK: Looking

  borrowing func sight(_ name: FileName, of item: borrowing PutBack, in folder: borrowing Folder) throws -> Sighting? {
    try reader.sight(
      name.terminated, in: folder.descriptor, expecting: item.expected, size: item.record?.size ?? -1)
  }

  // MARK: Preparing

  /// Looks, and writes what belongs there under a temporary name.
  ///
  /// - Returns: `nil` where it is to be placed.
  private borrowing func prepare(_ item: inout PutBack, durably: Bool) throws -> PutBack.Outcome? {
    guard item.record?.kind != Baseline.Record.passage else {
      throw Fault(
        .target, "it is a folder that Mooring didn't make", at: item.object.string, remedy: "put it back by hand")
    }
    try makeFolders(for: item)
    let parent = try top.folder(beneath: item.folder)
    item.before = try sight(item.name, of: item, in: parent)
    let found = item.before?.object(expecting: item.expected)
    if item.isRight(found) { return .right }
    guard found == item.seen else { return .changed }
    if item.isFolder, item.before?.stamp.isFolder == true { return nil }
    let source = try source(beside: parent)
    try source.folder.removeTree(item.temporary)
    try write(item, in: source.folder, durably: durably)
    return nil
  }

  private borrowing func write(_ item: PutBack, in folder: borrowing Folder, durably: Bool) throws {
    guard let record = item.record else { return }
    switch record.kind {
    case Baseline.Record.file:
      guard let id = item.expected else { return }
      try folder.write(
        item.bytes ?? contents.read(id), to: item.temporary, permissions: mode_t(record.mode), owner: item.account,
        durably: durably)
    case Baseline.Record.link:
      guard let id = item.expected else { return }
      let target = try links[item.path] ?? FileName(contents.read(id))
      try folder.makeLink(item.temporary, to: target)
    default: _ = try folder.newFolder(item.temporary)
    }
  }

  /// Makes the folders on the way that are missing, and ours.
  private borrowing func makeFolders(for item: PutBack) throws {
    for depth in item.path.indices.dropFirst() {
      let path = Array(item.path.prefix(depth))
      let parent = try top.folder(beneath: path.dropLast())
      guard let name = path.last, try parent.entry(name) == nil else { continue }
      guard let index = baseline.index(at: path), baseline.records[index].kind == Baseline.Record.folder else {
        throw Fault(
          .target, "the folder that it belongs in is gone, and Mooring didn't make it", at: item.object.string,
          remedy: "make the folder, or deploy again")
      }
      let folder = PutBack(
        Restoration(object: ObjectName(path), seen: nil), at: path, record: baseline.records[index])
      let source = try source(beside: parent)
      try source.folder.removeTree(folder.temporary)
      try write(folder, in: source.folder, durably: true)
      _ = try place(folder)
    }
  }

  borrowing func source(beside parent: borrowing Folder) throws(Fault) -> Place {
    if let workshop { return workshop }
    return Place(try parent.folder("."))
  }
}

extension ObjectName {
  init(_ path: [FileName]) { self.init(path: path.map { Array($0.bytes) }.joined(separator: [UInt8(ascii: "/")])) }
}
