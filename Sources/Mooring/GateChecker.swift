import MooringModel

/// Asks the gates of a deployment until they hold, or until their time is up.
struct GateChecker {
  /// An attempt that begins in time is given this long at least, where the gate's own timeout isn't shorter: cut off at
  /// once it would say that it took too long, and not what is wrong.
  static let leastTime = Duration.seconds(1)

  let deployment: Identifier
  let probe: any GateProbe

  /// Whether what was deployed is ready, and then all other gates at once. Ends with the first that fails.
  func check(_ gates: [GateConfiguration]) async throws -> [GateResult] {
    let ready = try await checkAtOnce(gates.filter { $0.check == .readiness })
    guard ready.allSatisfy(\.passed) else { return ready }
    return try await ready + checkAtOnce(gates.filter { $0.check != .readiness })
  }

  private func checkAtOnce(_ gates: [GateConfiguration]) async throws -> [GateResult] {
    try await withThrowingTaskGroup(of: (Int, GateResult).self) { group in
      for (index, gate) in gates.enumerated() {
        group.addTask { (index, try await check(gate)) }
      }
      var results: [(Int, GateResult)] = []
      while let result = try await group.next() {
        results.append(result)
        if !result.1.passed { group.cancelAll(); break }
      }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func check(_ gate: GateConfiguration) async throws -> GateResult {
    let start = ContinuousClock.now
    let deadline = start + gate.within
    var attempts = 0
    var holdsSince: ContinuousClock.Instant?
    var detail: String?
    while true {
      try Task.checkCancellation()
      attempts += 1
      let left = max(Self.leastTime, deadline - .now)
      detail = try await probe.probe(gate, within: min(gate.timeout, left))
      let now = ContinuousClock.now
      if detail == nil {
        let since = holdsSince ?? now
        holdsSince = since
        if now - since >= gate.stableFor { return result(gate, true, attempts, now - start, nil) }
      } else {
        holdsSince = nil
      }
      guard now < deadline else {
        return result(gate, false, attempts, now - start, detail ?? "not stable for \(gate.stableFor)")
      }
      try await Task.sleep(for: min(gate.interval, max(.zero, deadline - now)))
    }
  }

  private func result(
    _ gate: GateConfiguration, _ passed: Bool, _ attempts: Int, _ took: Duration, _ detail: String?
  ) -> GateResult {
    GateResult(
      deployment: deployment, gate: gate.name, passed: passed, attempts: attempts,
      milliseconds: Int64(took / .milliseconds(1)), detail: detail)
  }
}

/// Asks a gate once.
protocol GateProbe: Sendable {
  /// - Returns: Why the gate doesn't hold; `nil` when it holds.
  /// - Throws: Only when cancelled.
  func probe(_ gate: GateConfiguration, within limit: Duration) async throws -> String?
}
