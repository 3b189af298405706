import Glibc

/// The processes that were looked at lately: many are gone by the time that what they did is read.
struct ProcessMemory {
  struct Entry {
    var author: Author
    /// Arguments that may be paths below a root.
    var candidates: [PathsBelow.Candidate]
    /// The author with the paths below a root, since it was known what the process touches there.
    var named: [PathsBelow.Root: Author] = [:]
    /// pidfs's number of the process, never given twice; `nil` where nobody has asked yet.
    var identity: UInt64?
    /// When it was last seen to be so.
    var seen: ContinuousClock.Instant
    /// When it ended, where that was told.
    var ended: ContinuousClock.Instant?
  }

  /// How long what was found out of a process that is gone is believed: its number may go to another.
  static let span = Duration.seconds(1)

  private let limit: Int
  private var entries: [pid_t: Entry] = [:]

  /// - Parameter limit: How many are remembered.
  init(limit: Int) { self.limit = limit }

  subscript(process: pid_t) -> Entry? { entries[process] }

  var count: Int { entries.count }

  mutating func remember(_ entry: Entry, as process: pid_t) {
    if entries.count >= limit && entries[process] == nil { makeRoom(at: entry.seen) }
    entries[process] = entry
  }

  /// Those that ended a while ago go first, then those of which nothing was seen for a while, and then all.
  private mutating func makeRoom(at now: ContinuousClock.Instant) {
    // A quarter at once, since each look at all of them costs.
    let enough = limit - limit / 4
    entries = entries.filter { $0.value.ended.map { now - $0 < Self.span } ?? true }
    if entries.count > enough { entries = entries.filter { now - $0.value.seen < Self.span } }
    if entries.count > enough { entries = [:] }
  }

  mutating func forget(_ process: pid_t) { entries[process] = nil }
  mutating func forgetAll() { entries = [:] }

  /// A new process is its parent, but for its number, until it becomes something else.
  mutating func fork(_ parent: pid_t, to child: pid_t, at now: ContinuousClock.Instant) {
    guard var entry = entries[parent], entry.ended == nil else { return forget(child) }
    entry.author = entry.author.child(child)
    entry.named = entry.named.mapValues { $0.child(child) }
    entry.identity = nil
    entry.seen = now
    remember(entry, as: child)
  }

  mutating func end(_ process: pid_t, at now: ContinuousClock.Instant) { entries[process]?.ended = now }

  /// Notes that the process was as it is remembered, and what it touched below a root.
  mutating func confirm(
    _ process: pid_t, _ identity: UInt64?, at now: ContinuousClock.Instant, below root: PathsBelow.Root,
    touching name: FileName?
  ) -> Author? {
    guard var entry = entries[process] else { return nil }
    defer { entries[process] = entry }
    entry.seen = now
    entry.identity = identity ?? entry.identity
    if entry.candidates.isEmpty { return entry.author }
    if let named = entry.named[root] { return named }
    let candidates = entry.candidates.filter { root.contains($0.path) }
    let named = entry.author.naming(PathsBelow.select(candidates, touching: name))
    entry.named[root] = named
    return named
  }
}
