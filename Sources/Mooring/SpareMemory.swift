import CLinux
import Git
import Synchronization

/// Gives back what deployments and scans leave behind and only the next ones would need; after them comes a long time of
/// nothing.
///
/// Not after each of them: where 1,000 environments are deployed one after the other, most of it is needed again at once.
public final class SpareMemory: Sendable {
  private static let pause = Duration.seconds(1)

  private let repositories = Mutex<[String: Repository]>([:])
  private let news: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  init() { (news, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// Something was read of the repository, and much may be left of it.
  func note(_ repository: Repository) {
    repositories.withLock { $0[repository.path] = repository }
    signal.yield()
  }

  /// Until the task is cancelled. Once: where nobody runs it, nothing is given back before the process ends.
  func run(_ time: Time) async {
    for await _ in news {
      for repository in repositories.withLock({ repositories in
        defer { repositories = [:] }
        return Array(repositories.values)
      }) { repository.closeUntilUsed() }
      mooring_give_memory_back()
      do { try await time.sleep(Self.pause) } catch { return }
    }
  }
}
