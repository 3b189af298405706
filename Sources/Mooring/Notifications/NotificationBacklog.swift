import Git
import MooringJournal
import MooringModel

/// What a journal has that a channel hasn't been told of: never more than it can be sent in a while.
struct NotificationBacklog: Sendable {
  /// Notifications that are kept for a channel that is behind; older ones are dropped.
  static let most = 1000
  /// Older ones are dropped too.
  static let longest = Duration.seconds(7 * 86_400)

  /// Commits with something in them for the channel, oldest first.
  private(set) var commits: [ObjectID] = []
  /// Notifications that are dropped, and the last commit that has one.
  private(set) var skipped = 0
  private(set) var lastSkipped: ObjectID?

  /// What the journal's source is, and what its channel asks for.
  struct Filter: Sendable {
    var source: String
    var kinds: Set<Notification.Kind>
    var oldest: Timestamp

    /// How many notifications an event may become: none or one.
    func count(_ event: Event) -> Int {
      event.source == source && !kinds.isDisjoint(with: NotificationStory.kinds(of: event.payload)) ? 1 : 0
    }

    func isRemembered(_ event: Event) -> Bool {
      event.source == source && NotificationStory.isRemembered(event.payload)
    }
  }

  /// - Returns: `nil` where the journal doesn't have the commit that was delivered last: it is another journal.
  init?(of git: Repository, from head: ObjectID, after delivered: ObjectID?, _ filter: Filter) throws {
    guard try delivered == nil || Self.has(git, delivered, before: head) else { return nil }
    var kept = 0
    try git.walkFirstParents(from: head) { commit in
      guard commit.id != delivered else { return false }
      let events = try Journal.events(of: commit, in: git)
      let count = events.reduce(0) { $0 + filter.count($1) }
      let isOld = events.last.map { $0.time < filter.oldest } ?? false
      if skipped > 0 || count > 0 && (kept > 0 && kept + count > Self.most || isOld) {
        skipped += count
        lastSkipped = lastSkipped ?? commit.id
      } else if count > 0 || commits.count < Self.most && events.contains(where: filter.isRemembered) {
        kept += count
        commits.append(commit.id)
      }
      return true
    }
    commits.reverse()
  }

  private static func has(_ git: Repository, _ commit: ObjectID?, before head: ObjectID) throws -> Bool {
    var isThere = false
    try git.walkFirstParents(from: head) { next in
      isThere = next.id == commit
      return !isThere
    }
    return isThere
  }
}
