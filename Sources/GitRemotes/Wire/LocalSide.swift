import BlockingWork
import Git

/// The local repository's part in a fetch, on a thread of its own: libgit2 and files block.
actor LocalSide {
  private let executor = BlockingExecutor(label: "mooring.fetch")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  let repository: Repository
  private let limits: PackLimits
  private let progress: @Sendable (TransferProgress) -> Void
  private var walk: AncestorWalk
  private var scanner: PackScanner?
  private var receiver: PackReceiver?

  init(_ repository: Repository, limits: PackLimits, progress: @escaping @Sendable (TransferProgress) -> Void) {
    self.repository = repository
    self.limits = limits
    self.progress = progress
    walk = AncestorWalk(in: repository, from: [])
  }

  /// Runs a piece of work that blocks.
  func run<T: Sendable>(_ body: @Sendable (Repository) throws -> T) throws -> T { try body(repository) }

  /// Begins to offer the commits that are here: those that references reach, and those of `record`.
  func beginOffering(_ record: SliceRecord) throws {
    let known = try repository.references(prefix: "refs/").map(\.id)
    walk = AncestorWalk(in: repository, from: known + Array(record.tips), borders: record.borders)
  }

  /// The next commits to offer; fewer than `count` when there are no more.
  func offer(_ count: Int) -> [ObjectID] {
    var offered: [ObjectID] = []
    while offered.count < count, let id = walk.next() { offered.append(id) }
    return offered
  }

  func markCommon(_ ids: [ObjectID]) {
    for id in ids { walk.markCommon(id) }
  }

  func beginPack() throws {
    receiver = nil
    do throws(PackProblem) {
      scanner = try PackScanner(limits: limits)
    } catch {
      throw RemoteError(error)
    }
    receiver = try PackReceiver(into: repository)
  }

  func append(_ bytes: [UInt8]) throws {
    do throws(PackProblem) {
      try scanner?.scan(bytes)
    } catch {
      receiver = nil
      throw RemoteError(error)
    }
    guard let receiver else { return }
    try receiver.append(bytes)
    progress(receiver.progress)
  }

  /// Makes the pack a durable part of the repository; returns how many objects it had.
  func finishPack() throws -> Int {
    defer {
      receiver = nil
      scanner = nil
    }
    do throws(PackProblem) {
      try scanner?.finish()
    } catch {
      throw RemoteError(error)
    }
    guard let receiver else { return 0 }
    let count = try receiver.commit()
    progress(receiver.progress)
    return count
  }
}

extension RemoteError {
  init(_ problem: PackProblem) {
    self.init(problem.kind == .tooLarge ? .tooLarge : .malformed, problem.message)
  }
}
