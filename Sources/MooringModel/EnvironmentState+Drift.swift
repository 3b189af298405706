extension EnvironmentState {
  /// An object that is written again and again as it was is told of this often.
  static let touchMemory = Duration.seconds(3600)

  /// How many runs of programs are remembered.
  static let programLimit = 128

  /// Whether a program that Mooring started (`validate`, `reload`, a gate) ran at a time.
  public func ranProgram(at time: Timestamp) -> Bool { programs.contains { $0.covers(time) } }

  mutating func remember(_ runs: [Window]) { programs = (programs + runs).suffix(Self.programLimit) }

  /// The drifts that wait to be settled, by object.
  public var openDrifts: [(object: ObjectName, drift: OpenDrift)] {
    drifts.filter(\.value.isOpen).sorted { $0.key < $1.key }.map { (object: $0.key, drift: $0.value) }
  }

  /// When automation may heal again what it has healed before; `nil` where nothing waits for that.
  public func nextHeal(under policy: DriftPolicy) -> Timestamp? {
    guard !isHeld else { return nil }
    let waiting = drifts.filter { $0.value.isOpen && policy.action(for: $0.key) == .heal }
    return waiting.compactMap { heals[$0.key]?.next }.min()
  }

  mutating func apply(_ detected: DriftDetected, at time: Timestamp) {
    for drift in detected.drifts { drifts[drift.object] = OpenDrift(drift, since: drift.changed ?? time) }
    let touched = detected.drifts.filter { $0.difference.kind == .touched }
    if !touched.isEmpty { lastTouched = lastTouched.filter { time - $0.value < Self.touchMemory } }
    for drift in touched { lastTouched[drift.object] = time }
  }

  mutating func apply(_ changed: DriftChanged, at time: Timestamp) {
    for drift in changed.drifts {
      let since = drifts[drift.object]?.since ?? time
      drifts[drift.object] = OpenDrift(drift, since: since)
    }
  }

  mutating func apply(_ resolved: DriftResolved, at time: Timestamp) {
    for item in resolved.drifts {
      guard let known = drifts[item.object], known.id == item.id else { continue }
      // What is adopted stays as it is until it is deployed, and is no news until then.
      if resolved.how == .adopted, known.fate != .adopted {
        drifts[item.object]?.fate = .adopted
      } else {
        drifts[item.object] = nil
      }
    }
    if failure?.gates.isEmpty == true, openDrifts.isEmpty { failure?.isWorthTrying = true }
  }

  private mutating func countHeal(of object: ObjectName, at time: Timestamp) {
    heals = heals.filter { $0.value.isRecent(at: time) }
    heals[object] = HealRecord(count: (heals[object]?.count ?? 0) + 1, last: time)
  }

  mutating func apply(_ ignored: DriftIgnored, by initiator: Initiator, at time: Timestamp) {
    ignores.removeAll {
      ($0.ignored.object == ignored.object && $0.ignored.field == ignored.field) || !$0.isInForce(at: time)
    }
    // An end that has come already is the word that nothing is to be ignored any more.
    if ignored.until.map({ $0 > time }) ?? true {
      ignores.append(IgnoredObject(ignored: ignored, initiator: initiator, since: time))
    }
  }

  /// Drifts that a deployment puts back; the look after it tells which of them are gone.
  mutating func heal(_ ids: [Identifier], at time: Timestamp) {
    let ids = Set(ids)
    for (object, drift) in drifts where ids.contains(drift.id) { drifts[object]?.fate = .healing(since: time) }
  }

  /// A heal has ended: whether it succeeded or not, the next one of these objects waits.
  mutating func endHeal(_ ids: [Identifier], at time: Timestamp) {
    heal(ids, at: time)
    let ids = Set(ids)
    for (object, drift) in drifts where ids.contains(drift.id) { countHeal(of: object, at: time) }
  }

  /// A deployment has gone over everything: what was adopted is what it wrote, or news again.
  mutating func overtakeDrifts(at time: Timestamp) {
    drifts = drifts.filter { $0.value.fate != .adopted }
    for object in drifts.keys { drifts[object]?.fate = .overtaken(since: time) }
  }
}
