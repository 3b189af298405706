import Glibc
import MooringModel
import MooringTestSupport
import Synchronization
import Testing

@testable import HostTarget

/// Whoever iterates over a watch, and waits for what a test has done.
final class WatchObserver {
  let means: WatchMeans
  private(set) var seen: [LiveChange] = []
  private let watch: LiveWatch

  init(_ watch: LiveWatch) {
    self.watch = watch
    means = watch.means
  }

  /// A generous end to waiting, for a machine that does much else.
  static let patience = Duration.seconds(30)

  private final class Seen: Sendable {
    private let changes: Mutex<[LiveChange]>

    init(_ changes: [LiveChange]) { self.changes = Mutex(changes) }

    var all: [LiveChange] { changes.withLock { $0 } }

    /// Judged in place: a copy for each of 20,000 would take longer than what is tested.
    func add(_ change: LiveChange, _ isEnough: ([LiveChange]) -> Bool) -> Bool {
      changes.withLock {
        $0.append(change)
        return isEnough($0)
      }
    }
  }

  struct NothingSeen: Error, CustomStringConvertible {
    var description: String
  }

  /// Takes changes until they are as asked, counted from the last `forget`.
  @discardableResult
  func wait(_ isEnough: @escaping @Sendable ([LiveChange]) -> Bool) async throws -> [LiveChange] {
    let (changes, box) = (watch.changes, Seen(seen))
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        if isEnough(box.all) { return }
        for await change in changes where box.add(change, isEnough) { return }
      }
      // An interrupted wait is over as well.
      group.addTask { try? await Task.sleep(for: Self.patience) }
      await group.next()
      group.cancelAll()
    }
    seen = box.all
    guard isEnough(seen) else {
      throw NothingSeen(description: "saw only \(seen.map { $0.object?.string ?? "everything" })")
    }
    return seen
  }

  /// Waits until the object was seen, and returns the last of its changes.
  @discardableResult
  func wait(for object: String?) async throws -> LiveChange {
    let name = object.map { ObjectName(written: $0) }
    let seen = try await wait { $0.contains { $0.object == name } }
    return try #require(seen.last { $0.object == name })
  }

  func forget() { seen = [] }

  var objects: Set<String> { Set(seen.map { $0.object?.string ?? "everything" }) }
}

/// Runs a command in a shell and waits for it.
@discardableResult
func shell(_ command: String, in folder: String = "/") -> Int32 { system("cd '\(folder)' && { \(command)\n}") }

extension WatchSettings {
  /// Where a test's own children are others.
  static func strangers(_ way: Way = .best) -> WatchSettings { WatchSettings(way: way, own: -1) }

  /// The ways that work for whoever runs the tests.
  static var ways: [Way] { geteuid() == 0 ? [.best, .inotify] : [.inotify] }
}
