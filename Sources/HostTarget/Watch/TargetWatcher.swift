import Glibc
import MooringModel

/// Follows what happens at a target: keeps the right folders watched, and says of each notice which object it is about.
///
/// `@unchecked Sendable`: used by whoever makes it until its thread is started, and from then on by that thread alone.
final class TargetWatcher: @unchecked Sendable {
  let target: WatchedTarget
  let notices: any FolderNotices
  let changes: ChangeBuffer
  let sentinel: RootSentinel
  var scope: WatchScope
  var tree = FolderTree()
  var root: OpenRoot?
  private var names = UserNames()
  /// For tests: called before notices are read.
  private let pause: (@Sendable () -> Void)?

  /// Watches everything there is to watch; what happens from now on will be told.
  ///
  /// - Throws: `WatchRefusal.limit` or `.unfit`.
  init(
    _ target: WatchedTarget, _ notices: any FolderNotices, _ changes: ChangeBuffer, pause: (@Sendable () -> Void)? = nil
  ) throws(WatchRefusal) {
    self.target = target
    self.notices = notices
    self.changes = changes
    self.pause = pause
    sentinel = RootSentinel(target.root)
    scope = .release(nil)
    sentinel.arm(notices)
    root = OpenRoot(target.root)
    rescope()
    try watchAnew()
  }

  /// Works until the signal is given, or until the kernel watches no more folders.
  func run(until stop: StopSignal) {
    defer {
      changes.end()
      notices.end()
    }
    while stop.wait(for: [notices.descriptor], urgent: sentinel.mounts) {
      do {
        if sentinel.areMountsOthers() { try lookAtRoot(always: true) }
        pause?()
        for notice in notices.read() where !stop.isGiven { try follow(notice) }
      } catch {
        // Whoever iterates is to look at everything, and may ask for a new watch, which says what is wrong.
        return report(nil, at: .now)
      }
    }
  }

  // MARK: What is watched

  /// Looks which folders are to be watched.
  ///
  /// - Returns: Whether they are others than before.
  @discardableResult
  func rescope() -> Bool {
    let before = scope
    guard let root else {
      scope = target.environment.map { .places(InPlaceScope(nil, environment: $0, target.rules)) } ?? .release(nil)
      return scope != before
    }
    do throws(Fault) {
      scope = try target.scope(in: root.folder)
    } catch {
      // Its record is damaged or in somebody's hands: a look will say so. What was watched stays watched.
      report(nil, at: .now)
    }
    return scope != before
  }

  /// Watches all folders in scope, those that are watched already without a gap, and no others.
  func watchAnew() throws(WatchRefusal) {
    let before = tree.keys
    tree = FolderTree()
    if root != nil { try cover([], of: nil) }
    guard let root else { return }
    for key in before.subtracting(tree.keys) { notices.forget(key, near: root.folder) }
  }

  /// - Parameter always: Whether to watch anew where it is the same root too: something may be mounted below it.
  func lookAtRoot(always: Bool = false) throws(WatchRefusal) {
    sentinel.arm(notices)
    let found = OpenRoot(target.root)
    if !always, found?.identity == root?.identity { return }
    if let root, found == nil {
      for key in tree.keys { notices.forget(key, near: root.folder) }
      tree = FolderTree()
    }
    root = found
    rescope()
    try watchAnew()
    report(nil, at: .now)
  }

  // MARK: What is told

  func report(_ object: ObjectName?, by author: Author? = nil, at time: Timestamp, isCertain: Bool = true) {
    var by: Attribution?
    if let author { by = author.attribution(at: time, wasSeen: isCertain, names: &names) }
    changes.add(LiveChange(object: object, by: by, isOurs: author?.isOurs ?? false, at: time))
  }
}

/// The root as it was opened.
final class OpenRoot {
  let folder: Folder
  let identity: FileIdentity?

  /// `nil` where there is none, or nothing that can be one: a look says what is wrong.
  init?(_ path: String) {
    guard let opened = try? Folder.root(path, making: false) else { return nil }
    folder = opened
    identity = FileIdentity(descriptor: folder.descriptor)
  }
}
