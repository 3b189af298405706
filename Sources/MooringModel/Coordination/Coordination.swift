/// Lets one program at a time work on an environment that several could work on, and hands on what it knows.
///
/// A target offers it where such programs have nothing in common but the target. Every error is a `Fault`.
public protocol Coordination: Sendable {
  var timing: ClaimTiming { get }

  /// Asks for the environment, once, or says that it is still being worked on.
  ///
  /// - Parameters:
  ///   - holder: The state directory that asks: the programs of one are one to the others.
  ///   - isIdle: Whether nothing is under way, so that the environment may be left to somebody who has less to do.
  ///   - isWatching: Whether a watcher asks, and not a command that does one thing.
  func claim(for holder: String, isIdle: Bool, isWatching: Bool) async throws -> Claim

  /// Until when a watcher looked after the environment before the one here does; `nil` where nobody wrote that down.
  func watchedBefore() async -> Timestamp?

  /// Lets others have the environment at once.
  ///
  /// - Parameter sharing: Not where another program of the same state directory works on it too.
  func release(sharing: Bool) async throws

  /// - Throws: `Fault` where the environment was claimed and the claim has run out: nothing may be begun any more.
  func check() throws(Fault)

  /// How long something may still be begun; `nil` where nothing limits it.
  func remaining() -> Duration?

  /// When the environment becomes free, as far as is known: where whoever works on it says nothing any more. `nil` where
  /// nobody is known to.
  func expiry() async -> ContinuousClock.Instant?

  /// Yields when the environment may have become free, until whoever iterates stops.
  func chances() async throws -> AsyncStream<Void>

  /// What the last one that worked on the environment left for the next; `nil` where nobody did.
  ///
  /// - Parameter isFresh: Read anew, although nobody else has written it while the environment was ours.
  func record(isFresh: Bool) async throws -> SharedRecord?

  /// Leaves what is known now.
  ///
  /// - Throws: `notOwner` where another state directory has written meanwhile.
  func write(_ record: SharedRecord) async throws
}

/// What came of asking for an environment.
public enum Claim: Sendable, Hashable {
  case held
  /// Somebody else works on it. `isAlive` where they are known to: otherwise they may have stopped without a word.
  case heldBy(String, isAlive: Bool)
  /// It was ours, and is left to somebody who has less to do.
  case left(to: String)
}

/// When claims are made, renewed and given up, all following from how long one lasts.
///
/// As in client-go's leader election a holder stops well before others may begin: they wait for the whole duration from
/// when they last saw the claim renewed, and it reckons from when it began to renew it.
public struct ClaimTiming: Sendable, Hashable {
  /// How long a claim lasts that isn't renewed.
  public var duration: Duration

  public init(duration: Duration) { self.duration = duration }

  /// How often a holder renews.
  public var renewal: Duration { duration / 3 }
  /// How long a holder may go on without having renewed.
  public var allowance: Duration { duration * 2 / 3 }
  /// How soon a renewal that failed is tried again.
  public var retry: Duration { duration / 12 }
  /// How often others look, besides being told.
  public var look: Duration { duration / 6 }

  /// How long others wait until they look again: no longer than the claim lasts that they have seen.
  public func nextLook(before expiry: ContinuousClock.Instant?, at now: ContinuousClock.Instant) -> Duration {
    guard let expiry, expiry > now else { return look }
    return min(look, expiry - now)
  }
}
