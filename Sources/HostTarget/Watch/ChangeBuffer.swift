import MooringModel
import Synchronization

/// The changes that wait for whoever iterates: bounded, and without repetitions.
final class ChangeBuffer: Sendable {
  fileprivate struct State {
    var pending: [LiveChange] = []
    /// How many of `pending` were taken already.
    var taken = 0
    /// How many were forgotten before the first of `pending`.
    var passed = 0
    /// Which was the last change of each object, counted from the first of all.
    var last: [ObjectName: Int] = [:]
    var waiting: [CheckedContinuation<LiveChange?, Never>] = []
    var hasEnded = false
  }

  static let standardLimit = 16_384

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int = standardLimit) { self.limit = limit }

  /// Adds one. Where nobody has taken the object's last one yet, and the same people did both, it takes its place; where
  /// too many wait, they all become one of everything.
  func add(_ change: LiveChange) {
    let waiter = state.withLock { state -> CheckedContinuation<LiveChange?, Never>? in
      guard !state.hasEnded else { return nil }
      if !state.waiting.isEmpty { return state.waiting.removeFirst() }
      state.keep(change, limit: limit)
      return nil
    }
    waiter?.resume(returning: change)
  }

  /// The next one, as soon as there is one; `nil` when the watch has ended.
  func next() async -> LiveChange? {
    await withCheckedContinuation { continuation in
      let (change, isOver) = state.withLock { state -> (LiveChange?, Bool) in
        if let change = state.take() { return (change, false) }
        if !state.hasEnded { state.waiting.append(continuation) }
        return (nil, state.hasEnded)
      }
      if change != nil || isOver { continuation.resume(returning: change) }
    }
  }

  /// After this what waits can still be taken, and then `nil`.
  func end() {
    let waiting = state.withLock { state in
      state.hasEnded = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.resume(returning: nil) }
  }
}

extension ChangeBuffer.State {
  fileprivate mutating func keep(_ change: LiveChange, limit: Int) {
    if pending.count - taken >= limit {
      // Everything is to be looked at then, and nobody knows any more who did what.
      forget(pending.count)
      return pending = [LiveChange(object: nil, at: change.at)]
    }
    if taken >= limit { forget(taken) }
    guard let object = change.object else {
      if pending.last?.object != nil || pending.count == taken { pending.append(change) }
      return
    }
    if let place = last[object].map({ $0 - passed }), place >= taken, pending[place].isOfSameAuthor(as: change) {
      pending[place] = change
    } else {
      last[object] = passed + pending.count
      pending.append(change)
    }
  }

  fileprivate mutating func take() -> LiveChange? {
    guard taken < pending.count else { return nil }
    let change = pending[taken]
    taken += 1
    if taken == pending.count { forget(taken) }
    return change
  }

  private mutating func forget(_ count: Int) {
    passed += count
    taken = 0
    pending.removeFirst(count)
    if pending.isEmpty { last = [:] } else { last = last.filter { $0.value >= passed } }
  }
}

extension LiveChange {
  /// By user and program: one who runs `sed` a thousand times is one author.
  fileprivate func isOfSameAuthor(as other: LiveChange) -> Bool {
    guard isOurs == other.isOurs else { return false }
    guard var mine = by, var theirs = other.by else { return by == nil && other.by == nil }
    (mine.process, mine.at) = (nil, nil)
    (theirs.process, theirs.at) = (nil, nil)
    return mine == theirs
  }
}
