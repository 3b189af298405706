import BlockingWork
import Git
import MooringModel

/// Makes appends to journals durable: those of all environments share one log and one fsync.
///
/// A record holds Git objects and the move of a reference to them, so that applying it a second time does nothing. After
/// the log is durable the objects and references are written to their repositories: as one pack, and with one sync of the
/// file system, where they are many. A checkpoint (`syncfs`, then an empty log) bounds the log. Whoever takes the lock
/// first applies what a stopped program left.
actor WriteAheadLog {
  /// Objects and the new head, built on the head that the journal has at the moment of writing.
  struct Append: Sendable {
    var repository: Repository
    var reference: String
    var build: @Sendable (ObjectID?) throws -> (objects: [RawObject], head: ObjectID)
  }

  /// What an append moved.
  struct Move: Sendable {
    var old: ObjectID?
    var new: ObjectID
  }

  private struct Waiting {
    var append: Append
    var continuation: CheckedContinuation<Move, any Error>
  }

  private let executor = BlockingExecutor(label: "mooring.journal")
  private let file: LogFile
  private let folder: String
  private let checkpointBytes: Int
  private var waiting: [Waiting] = []
  private var isFlushing = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameters:
  ///   - folder: The state directory; repositories lie below it.
  ///   - checkpointBytes: The log is emptied when it is longer than this.
  init(in folder: String, checkpointBytes: Int = 4 << 20) throws {
    self.folder = folder
    self.checkpointBytes = checkpointBytes
    file = try LogFile(path: folder + "/journal.log")
  }

  /// Returns once the append is durable and visible.
  func append(_ append: Append) async throws -> Move {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(Waiting(append: append, continuation: continuation))
      guard !isFlushing else { return }
      isFlushing = true
      executor.afterWaitingJobs { self.assumeIsolated { $0.flush() } }
    }
  }

  /// Applies what a stopped program left, unless somebody is writing now.
  func recoverIfFree() throws {
    guard try file.size() != file.appliedBytes else { return }
    try file.withLockIfFree { try catchUp() }
  }

  /// Applies what a stopped program left, also where somebody else is about to.
  func recover() throws {
    guard try file.size() != file.appliedBytes else { return }
    try file.withLock { try catchUp() }
  }

  /// Empties the log after making all that it describes durable where it belongs.
  func checkpoint() throws {
    try file.withLock {
      try catchUp()
      try emptyLog()
    }
  }

  private func flush() {
    isFlushing = false
    let batch = waiting
    waiting = []
    guard !batch.isEmpty else { return }
    do {
      let moves = try file.withLock { try write(batch.map(\.append)) }
      for (waiting, move) in zip(batch, moves) { waiting.continuation.resume(with: move) }
    } catch {
      let fault = error as? Fault ?? Fault(.journal, "the journal can't be written: \(error)", at: folder)
      for waiting in batch { waiting.continuation.resume(throwing: fault) }
    }
  }

  private func write(_ appends: [Append]) throws -> [Result<Move, any Error>] {
    try catchUp()
    var heads: [String: ObjectID] = [:]
    var records: [LogRecord] = []
    var bytes: [UInt8] = []
    var repositories: [String: Repository] = [:]
    let moves: [Result<Move, any Error>] = appends.map { append in
      let path = relativePath(of: append.repository)
      let key = path + "\0" + append.reference
      repositories[path] = append.repository
      return Result {
        let old = try heads[key] ?? append.repository.reference(append.reference)
        let (objects, head) = try append.build(old)
        let record = LogRecord(
          repository: path, reference: append.reference, old: old, new: head, objects: objects)
        bytes += try record.framed()
        records.append(record)
        heads[key] = head
        return Move(old: old, new: head)
      }
    }
    guard !records.isEmpty else { return moves }
    try file.append(bytes)
    try apply(records, in: repositories, verifying: false)
    file.appliedBytes = try file.size()
    if try file.size() > checkpointBytes { try emptyLog() }
    return moves
  }

  private func emptyLog() throws {
    guard try file.size() > 0 else { return }
    try file.synchroniseFileSystem()
    try file.truncate(to: 0)
    file.appliedBytes = 0
  }

  /// Applies records that nobody has applied since the machine was started.
  private func catchUp() throws {
    let size = try file.size()
    guard size != file.appliedBytes else { return }
    let (records, valid) = try LogRecord.parse(file.read())
    try apply(records, in: [:], verifying: true)
    if valid < size { try file.truncate(to: valid) }
    file.appliedBytes = valid
  }

  private func apply(_ records: [LogRecord], in known: [String: Repository], verifying: Bool) throws {
    for (path, records) in Dictionary(grouping: records, by: \.repository) {
      let repository = try known[path] ?? Repository.open(bareAt: path.hasPrefix("/") ? path : folder + "/" + path)
      if verifying {
        for object in records.flatMap(\.objects) { try Self.makeRoom(for: object, in: repository) }
        for reference in Set(records.map(\.reference)) { try repository.removeTornReference(reference) }
      }
      try repository.write(records.flatMap(\.objects))
      var last: [String: LogRecord] = [:]
      for record in records { last[record.reference] = record }
      let moves = last.values.sorted { $0.reference < $1.reference }.filter { record in
        guard verifying else { return true }
        return !isApplied(record, in: repository)
          && hasHistory(records.filter { $0.reference == record.reference }, in: repository)
      }
      try repository.forceReferences(moves.map { ($0.reference, $0.new) }, log: "mooring: journal")
    }
  }

  /// Removes what a power failure made of an object, so that it is written again.
  private static func makeRoom(for object: RawObject, in repository: Repository) throws {
    let id = try object.id
    guard !repository.verify(id) else { return }
    do {
      try repository.removeCorruptLooseObject(id)
    } catch let error where error.code == .notFound {
      // It never came to the disk at all.
    }
  }

  /// The log is newer than the reference, or as new, but where the reference followed another state directory's journal.
  /// One that can't be read, or leads to what is lost, is not applied.
  private func isApplied(_ record: LogRecord, in repository: Repository) -> Bool {
    do throws(GitError) {
      let current = try repository.reference(record.reference)
      guard let current, repository.verify(current) else { return false }
      if current == record.new { return true }
      return try repository.isAncestor(record.new, of: current)
    } catch {
      return false
    }
  }

  /// Whether what the records' commits stand on is there: it isn't where somebody deleted the repository since. A journal
  /// without its beginning would keep it from coming back from the remote.
  private func hasHistory(_ records: [LogRecord], in repository: Repository) -> Bool {
    records.flatMap(\.objects).filter { $0.kind == .commit }.allSatisfy { object in
      guard let parents = try? repository.commit(object.id).parents else { return false }
      return parents.allSatisfy(repository.contains)
    }
  }

  private nonisolated func relativePath(of repository: Repository) -> String {
    let prefix = folder + "/"
    return repository.path.hasPrefix(prefix) ? String(repository.path.dropFirst(prefix.count)) : repository.path
  }
}

extension CheckedContinuation where E == any Error {
  fileprivate func resume(with result: Result<T, any Error>) where T: Sendable {
    switch result {
    case .success(let value): resume(returning: value)
    case .failure(let error): resume(throwing: error)
    }
  }
}
