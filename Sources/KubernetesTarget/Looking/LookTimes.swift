import MooringModel

/// Since when objects may have come to be as they are: when each was last seen otherwise.
///
/// A pure value: times are handed in, by our own clock.
struct LookTimes: Sendable {
  /// Objects that are remembered one by one beside those that differ.
  static let mostObjects = 10_000

  private struct Seen {
    var found: LiveObject?
    /// When it was last seen otherwise.
    var since: Timestamp?
    var last: Timestamp
  }

  /// When all were last looked at.
  private var everything: Timestamp?
  /// Those that differ.
  private var differing: [ObjectName: Seen] = [:]
  /// Those that were looked at since, and didn't differ.
  private var clean: [ObjectName: Timestamp] = [:]

  /// When an object that is now found like this was last seen otherwise; `nil` where nobody has looked before.
  func lastOtherwise(_ object: ObjectName, found: LiveObject?) -> Timestamp? {
    guard let known = differing[object] else { return clean[object] ?? everything }
    return known.found == found ? known.since : known.last
  }

  /// A deployment has made objects what they should be.
  ///
  /// - Parameter time: When it began to.
  mutating func applied(_ objects: [ObjectName], at time: Timestamp) {
    // The first deployment applies all that there is to look at.
    everything = everything ?? time
    for object in objects {
      differing[object] = nil
      if clean.count < Self.mostObjects || clean[object] != nil { clean[object] = time }
    }
  }

  /// - Parameter time: When the look began.
  mutating func note(_ report: LiveReport, in scope: LookScope, at time: Timestamp) {
    var now: [ObjectName: Seen] = [:]
    for difference in report.differences {
      let since = lastOtherwise(difference.object, found: difference.found)
      now[difference.object] = Seen(found: difference.found, since: since, last: time)
    }
    switch scope {
    case .everything:
      (everything, differing, clean) = (time, now, [:])
    case .objects(let objects):
      for object in objects where now[object] == nil {
        differing[object] = nil
        if clean.count < Self.mostObjects { clean[object] = time }
      }
      differing.merge(now) { _, new in new }
      for object in now.keys { clean[object] = nil }
    }
  }
}
