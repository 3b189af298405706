/// Whether going back is rehearsed in an environment, and when that happens by itself.
public struct DrillPolicy: Sendable, Hashable {
  /// Drills may touch this environment.
  public var isAllowed: Bool
  /// The watcher drills this long after the last drill; `nil` where it doesn't.
  public var every: Duration?
  /// The watcher drills every release when it is verified.
  public var afterRelease: Bool
  /// When the watcher may begin to drill; `nil` for any time of the day.
  public var hours: DayHours?

  public init(
    isAllowed: Bool = false, every: Duration? = nil, afterRelease: Bool = false, hours: DayHours? = nil
  ) {
    self.isAllowed = isAllowed
    self.every = every
    self.afterRelease = afterRelease
    self.hours = hours
  }

  /// Whether the watcher drills by itself.
  public var isScheduled: Bool { isAllowed && (every != nil || afterRelease) }

  /// When the watcher is to drill next; `nil` where it isn't, as long as nothing else happens.
  ///
  /// Before the first drill, the time counts from when the oldest release that can be gone back to was verified.
  public func due(in state: EnvironmentState) -> Timestamp? {
    guard isScheduled, let deployed = state.deployed, deployed.verified, state.previous != nil else { return nil }
    var times: [Timestamp] = []
    if let every, let last = state.lastDrill?.at ?? state.verified.first?.since {
      times.append(last.advanced(by: every))
    }
    if afterRelease, state.lastDrill?.started.from.digest != deployed.release.digest { times.append(deployed.since) }
    return times.min().map { hours?.next(from: $0) ?? $0 }
  }
}

/// A part of every day, in UTC; it may reach over midnight.
public struct DayHours: Sendable, Hashable {
  private static let day: Int64 = 86_400_000

  /// Minutes since midnight.
  public var from: Int
  public var until: Int

  public init(from: Int, until: Int) {
    self.from = from
    self.until = until
  }

  /// The time itself where it is in them, and otherwise when they begin next.
  public func next(from time: Timestamp) -> Timestamp {
    let midnight = time.milliseconds - time.milliseconds % Self.day
    let (begin, end) = (Int64(from) * 60_000, Int64(until) * 60_000)
    let now = time.milliseconds - midnight
    let isInside = begin < end ? begin <= now && now < end : now >= begin || now < end
    if isInside { return time }
    return Timestamp(milliseconds: midnight + begin + (now < begin ? 0 : Self.day))
  }
}
