import Glibc
import MooringModel
import Synchronization

/// Who the machine's processes are, for all watches of this program together: what one process did is looked at once,
/// however many roots are watched. Lasts as long as one of them does.
final class Authors: Sendable {
  private let finder: Finder
  /// Follows processes as they begin and end; `nil` where the kernel doesn't tell of them.
  private let thread: WatchThread?

  /// The thread keeps it, and not what ends the thread.
  private final class Finder: Sendable {
    let value: Mutex<AuthorFinder>

    init(own: pid_t, events: sending ProcessEvents?) { value = Mutex(AuthorFinder(own: own, events: events)) }

    func follow() { value.withLock { $0.follow() } }
  }

  private struct Weak {
    weak var value: Authors?
  }

  private static let all = Mutex<[pid_t: Weak]>([:])

  /// Those of whom a process's descendants are ours.
  static func withOurs(below own: pid_t) -> Authors {
    all.withLock { all in
      if let known = all[own]?.value { return known }
      let new = Authors(own: own)
      all[own] = Weak(value: new)
      return new
    }
  }

  private init(own: pid_t) {
    let events = ProcessEvents()
    let descriptor = events?.descriptor
    let finder = Finder(own: own, events: events)
    self.finder = finder
    thread = descriptor.map { descriptor in
      WatchThread("mooring-authors", isUrgent: true) { stop in
        while stop.wait(for: [descriptor]) != nil { finder.follow() }
      }
    }
  }

  fileprivate func begin(_ root: PathsBelow.Root) { finder.value.withLock { $0.begin(root) } }
  fileprivate func end(_ root: PathsBelow.Root) { finder.value.withLock { $0.end(root) } }
  fileprivate func follow() { finder.follow() }

  fileprivate func author(
    of process: pid_t, pidfd: Int32, below root: PathsBelow.Root, touching name: FileName?,
    at now: ContinuousClock.Instant
  ) -> Author? {
    finder.value.withLock { $0.author(of: process, pidfd: pidfd, below: root, touching: name, at: now) }
  }
}

/// Who touches what is below one root.
final class RootAuthors: Sendable {
  private let authors: Authors
  private let root: PathsBelow.Root

  init(_ authors: Authors, below root: String) {
    self.authors = authors
    self.root = PathsBelow.Root(root)
    authors.begin(self.root)
  }

  deinit { authors.end(root) }

  /// Takes in what processes have become.
  func follow() { authors.follow() }

  /// As `AuthorFinder` has it.
  func author(of process: pid_t, pidfd: Int32, touching name: FileName?, at now: ContinuousClock.Instant) -> Author? {
    authors.author(of: process, pidfd: pidfd, below: root, touching: name, at: now)
  }
}
