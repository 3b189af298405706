import MooringModel

/// Objects that events told of, until they have been left alone for long enough to be looked at.
///
/// A pure value: time is handed in. Holds at most ``mostObjects``; beyond that everything is looked at.
struct Settling: Sendable {
  static let mostObjects = 50_000
  /// An object that doesn't come to rest is looked at less and less often, at least once in this time.
  static let longestRest = Duration.seconds(60)

  private struct Pending {
    var first: ContinuousClock.Instant
    var last: ContinuousClock.Instant
    var by: Attribution?
  }

  /// An object that was looked at for its events, and how long its next events have to wait.
  private struct Rest {
    var rest: Duration
    var until: ContinuousClock.Instant
  }

  let settle: Duration
  private var pending: [ObjectName: Pending] = [:]
  private var resting: [ObjectName: Rest] = [:]
  private var everythingSince: ContinuousClock.Instant?

  init(settle: Duration) { self.settle = settle }

  var isEmpty: Bool { pending.isEmpty && everythingSince == nil }

  mutating func note(_ change: LiveChange, at now: ContinuousClock.Instant) {
    guard let object = change.object, pending.count < Self.mostObjects || pending[object] != nil else {
      everythingSince = everythingSince ?? now
      return
    }
    // Who wrote first is who it was, unless that is somebody whom only later events name.
    let first = pending[object]
    pending[object] = Pending(first: first?.first ?? now, last: now, by: change.by ?? first?.by)
  }

  /// When the next object is due; `nil` where nothing is pending.
  func next() -> ContinuousClock.Instant? {
    let objects = pending.map { self.due($0.key, $0.value) }.min()
    return [objects, everythingSince.map { $0 + settle }].compactMap { $0 }.min()
  }

  private func due(_ object: ObjectName, _ pending: Pending) -> ContinuousClock.Instant {
    max(min(pending.last + settle, pending.first + settle * 2), resting[object]?.until ?? pending.first)
  }

  /// What is due, and what was told of it; `nil` where nothing is.
  mutating func take(at now: ContinuousClock.Instant) -> (scope: LookScope, told: [ObjectName: Attribution?])? {
    // What is nearly due goes along: many objects that changed at once are one batch.
    let horizon = now + .milliseconds(20)
    let due = pending.filter { self.due($0.key, $0.value) <= horizon }
    let isEverything = everythingSince.map { $0 + settle <= horizon } ?? false
    guard isEverything || !due.isEmpty else { return nil }
    var told: [ObjectName: Attribution?] = [:]
    for (object, one) in isEverything ? pending : due {
      told.updateValue(one.by, forKey: object)
      pending[object] = nil
      rest(object, at: now)
    }
    if isEverything { everythingSince = nil }
    if resting.count > Self.mostObjects { resting = resting.filter { $0.value.until > now } }
    return (isEverything ? .everything : .objects(Set(told.keys)), told)
  }

  private mutating func rest(_ object: ObjectName, at now: ContinuousClock.Instant) {
    let known = resting[object]
    let isRestless = known.map { now < $0.until + $0.rest } ?? false
    let rest = isRestless ? min((known?.rest ?? settle) * 2, Self.longestRest) : settle
    resting[object] = Rest(rest: rest, until: now + rest)
  }
}
