import Dispatch
import Git
import MooringModel
import Synchronization

/// Which objects the files of a history hold: each distinct content is read once, on all cores.
struct FileContents {
  /// Contents that are remembered at most; beyond them all are forgotten.
  private static let mostContents = 200_000
  /// Documents of YAML files, by each core.
  private static let mostPieces = 20_000

  private var known: [ObjectID: Content] = [:]
  /// How many were read.
  private(set) var read = 0

  /// What a file holds.
  enum Content: Sendable {
    /// In the order of the file. Of two with one name the first counts.
    case objects([Object])
    case unreadable

    struct Object: Sendable {
      var name: ObjectName
      /// The identity of the bytes by which it changes.
      var digest: ObjectID
    }
  }

  private typealias Pieces = KnownPieces<[Content.Object]>

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
        var pieces = Pieces(most: Self.mostPieces)
        for place in stride(from: half, to: files.count, by: halves) {
          contents[files[place].id] = try Self.content(files[place].id, files[place].path, repository, &pieces)
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
    var pieces = Pieces(most: Self.mostPieces)
    let content = try Self.content(entry.id, path, repository, &pieces)
    known[entry.id] = content
    return content
  }

  private static func content(
    _ id: ObjectID, _ path: [UInt8], _ repository: Repository, _ pieces: inout Pieces
  ) throws -> Content {
    guard let bytes = try repository.indexedBlob(id, limit: FileObjects.largest) else { return .unreadable }
    let isJSON = path.last == UInt8(ascii: "n")
    if !isJSON, let objects = try objects(of: bytes, &pieces) { return .objects(objects) }
    guard case .objects(let places) = FileObjects(in: bytes, isJSON: isJSON) else { return .unreadable }
    return .objects(try objects(places, in: bytes, orAs: id))
  }

  /// The objects of a file of several documents; `nil` where it isn't one, or can't be read so.
  private static func objects(of bytes: [UInt8], _ pieces: inout Pieces) throws -> [Content.Object]? {
    let found = try pieces.values(of: bytes) { piece in
      try FileObjects.places(inPiece: piece).map { try Self.objects($0, in: piece, orAs: nil) }
    }
    guard let found else { return nil }
    var names: Set<ObjectName> = []
    let first = found.joined().filter { names.insert($0.name).inserted }
    // A file's only object changes with all of it.
    return first.count > 1 ? first : nil
  }

  /// - Parameter whole: The identity of all the bytes, where it is known.
  private static func objects(
    _ places: [FileObjects.Place], in bytes: [UInt8], orAs whole: ObjectID?
  ) throws -> [Content.Object] {
    try places.map { place in
      let part = place.bytes.map { Array(bytes[$0]) }
      let digest = part == nil ? whole : nil
      return Content.Object(name: place.name, digest: try digest ?? Repository.identity(ofBlob: part ?? bytes))
    }
  }
}
