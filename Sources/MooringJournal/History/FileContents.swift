import Dispatch
import Git
import MooringModel
import Synchronization

/// Which objects the files of a history hold: each distinct content is read once, on all cores.
struct FileContents {
  /// Contents that are remembered at most; beyond them all are forgotten.
  private static let mostContents = 200_000

  private var known: [ObjectID: Content] = [:]
  /// How many were read.
  private(set) var read = 0

  /// What a file holds, with the identity of each object's bytes.
  struct Content: Sendable {
    var objects: FileObjects
    var digests: [ObjectID]
  }

  /// Reads what isn't known of the new files of some changes.
  mutating func read(_ changes: [TreeChange], in repository: Repository) throws {
    if known.count > Self.mostContents { known = [:] }
    var wanted: [(id: ObjectID, path: [UInt8])] = []
    var seen: Set<ObjectID> = []
    for change in changes where FileObjects.mayBe(at: change.rawPath) {
      guard let new = change.new, new.mode.isBlob, known[new.id] == nil, seen.insert(new.id).inserted else { continue }
      wanted.append((new.id, change.rawPath))
    }
    guard !wanted.isEmpty else { return }
    read += wanted.count
    let files = wanted
    let halves = wanted.count < 16 ? 1 : 2
    let found = Mutex<Result<[ObjectID: Content], any Error>>(.success([:]))
    DispatchQueue.concurrentPerform(iterations: halves) { half in
      let part = Result {
        var contents: [ObjectID: Content] = [:]
        for place in stride(from: half, to: files.count, by: halves) {
          contents[files[place].id] = try Self.content(files[place].id, files[place].path, repository)
        }
        return contents
      }
      found.withLock { found in
        found = Result { try found.get().merging(part.get()) { first, _ in first } }
      }
    }
    known.merge(try found.withLock { try $0.get() }) { first, _ in first }
  }

  /// What a file holds; `nil` where it is no file.
  mutating func content(of entry: TreeEntry, at path: [UInt8], in repository: Repository) throws -> Content? {
    guard entry.mode.isBlob, entry.mode != .link else { return nil }
    if let known = known[entry.id] { return known }
    let content = try Self.content(entry.id, path, repository)
    known[entry.id] = content
    return content
  }

  private static func content(_ id: ObjectID, _ path: [UInt8], _ repository: Repository) throws -> Content {
    guard let bytes = try repository.indexedBlob(id, limit: FileObjects.largest) else {
      return Content(objects: .unreadable("more than \(FileObjects.largest) bytes"), digests: [])
    }
    let objects = FileObjects(in: bytes, isJSON: path.last == UInt8(ascii: "n"))
    var digests: [ObjectID] = []
    if case .objects(let places) = objects {
      digests = try places.map { place in
        try place.bytes.map { try Repository.identity(ofBlob: Array(bytes[$0])) } ?? id
      }
    }
    return Content(objects: objects, digests: digests)
  }
}
