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
  var root: WatchedRoot
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
    root = WatchedRoot(target.root)
    scope = .release(nil)
    try watchRoot()
  }

  /// Works until the signal is given, or until the kernel watches no more folders.
  func run(until stop: StopSignal) {
    defer {
      changes.end()
      notices.end()
    }
    while let ready = stop.wait(for: [notices.descriptor], urgent: sentinel.mounts.descriptor) {
      do {
        if ready.isUrgent && sentinel.areMountsOthers() { try lookAtRoot() }
        pause?()
        for notice in try notices.read() where !stop.isGiven { try follow(notice) }
        if root.isAnother { try lookAtRoot() }
        root.close()
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
    guard let root = root.open() else {
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
    try cover([], of: nil)
    forget(before.subtracting(tree.keys))
  }

  /// Watches what is found at the root's path now.
  private func watchRoot() throws(WatchRefusal) {
    defer { root.close() }
    // Before it is opened, so that one which comes in between is noticed.
    sentinel.arm(notices)
    root.find()
    rescope()
    try watchAnew()
  }

  /// The root may be another one, or something may be mounted on it or below it.
  func lookAtRoot() throws(WatchRefusal) {
    try watchRoot()
    report(nil, at: .now)
  }

  func forget(_ keys: some Collection<FolderKey>) {
    let keys = keys.filter { !sentinel.awaits($0) }
    if keys.isEmpty { return }
    if let root = root.open() {
      for key in keys { notices.forget(key, near: root.folder) }
    } else if let above = sentinel.nearest() {
      // What was the root lies most likely on the same file system.
      for key in keys { notices.forget(key, near: above) }
    }
  }

  // MARK: What is told

  func report(_ object: ObjectName?, by author: Author? = nil, at time: Timestamp, isCertain: Bool = true) {
    var by: Attribution?
    if let author { by = author.attribution(at: time, wasSeen: isCertain, names: &names) }
    changes.add(LiveChange(object: object, by: by, isOurs: author?.isOurs ?? false, at: time))
  }
}
