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

  /// What the documents of YAML files hold, by their bytes: of a large file most are as they were in another version.
  private struct Pieces {
    private static let mostKnown = 20_000

    private var known: [[UInt8]: [Content.Object]] = [:]

    /// The objects of a file of several documents; `nil` where it isn't one, or can't be read so.
    mutating func objects(of bytes: [UInt8]) throws -> [Content.Object]? {
      guard let pieces = YAMLPieces.ranges(of: bytes), pieces.count > 1 else { return nil }
      var objects: [Content.Object] = []
      var names: Set<ObjectName> = []
      for piece in pieces {
        guard let found = try self.objects(ofPiece: Array(bytes[piece])) else { return nil }
        objects += found.filter { names.insert($0.name).inserted }
      }
      // A file's only object changes with all of it.
      return objects.count > 1 ? objects : nil
    }

    private mutating func objects(ofPiece piece: [UInt8]) throws -> [Content.Object]? {
      if let known = known[piece] { return known }
      guard let places = FileObjects.places(inPiece: piece) else { return nil }
      let objects = try FileContents.objects(places, in: piece, orAs: nil)
      if known.count >= Self.mostKnown { known = [:] }
      known[piece] = objects
      return objects
    }
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
        var pieces = Pieces()
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
    var pieces = Pieces()
    let content = try Self.content(entry.id, path, repository, &pieces)
    known[entry.id] = content
    return content
  }

  private static func content(
    _ id: ObjectID, _ path: [UInt8], _ repository: Repository, _ pieces: inout Pieces
  ) throws -> Content {
    guard let bytes = try repository.indexedBlob(id, limit: FileObjects.largest) else { return .unreadable }
    let isJSON = path.last == UInt8(ascii: "n")
    if !isJSON, let objects = try pieces.objects(of: bytes) { return .objects(objects) }
    guard case .objects(let places) = FileObjects(in: bytes, isJSON: isJSON) else { return .unreadable }
    return .objects(try objects(places, in: bytes, orAs: id))
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
