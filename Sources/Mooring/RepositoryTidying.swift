import BlockingWork
import Git
import Logging
import MooringModel

/// Keeps the state directory's repositories small and quick: an append writes three objects, each a file of its own, and a
/// hundred thousand events would be a gigabyte of files of a few hundred bytes.
actor RepositoryTidying {
  /// How often it is looked whether there is anything to do.
  static let interval = Duration.seconds(3600)
  /// Fewer objects than this stay in files of their own.
  static let mostLoose = 6_000

  private let executor = BlockingExecutor(label: "mooring.tidying")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// More packs than this are joined.
  static let mostPacks = 50

  /// - Returns: How many objects were packed, and how many packs joined.
  func tidy(
    _ repository: Repository, over limit: Int = mostLoose, packs: Int = mostPacks
  ) throws -> (objects: Int, packs: Int) {
    let objects = repository.looseObjectsEstimate > limit ? try repository.packLooseObjects() : 0
    return (objects, try repository.joinPacks(over: packs))
  }
}

extension Watcher {
  /// Packs repositories that have grown, now and then, until the task is cancelled.
  func tidy(_ repositories: [TrackedRepository]) async {
    let tidying = RepositoryTidying()
    while !Task.isCancelled {
      for repository in repositories {
        do {
          let done = try await tidying.tidy(repository.git)
          guard done.objects > 0 || done.packs > 0 else { continue }
          logger.info(
            "packed",
            metadata: [
              "repository": "\(repository.name)", "objects": "\(done.objects)", "packs joined": "\(done.packs)",
            ])
          repository.git.closeUntilUsed()
        } catch {
          logger.warning("not packed", metadata: ["repository": "\(repository.name)", "error": "\(error)"])
        }
      }
      do { try await workspace.time.sleep(RepositoryTidying.interval) } catch { return }
    }
  }
}
