import MooringJournal
import MooringModel

/// What gates said lately: a bounded ring of attempts.
struct GateSamples: Codable, Sendable {
  /// Attempts of one gate that are kept.
  static let most = 400

  struct Attempt: Codable, Sendable {
    var at: Timestamp
    var held: Bool
    /// How long the answer took; `nil` where none came.
    var milliseconds: Double?
  }

  private(set) var gates: [String: [Attempt]] = [:]

  mutating func add(_ attempt: Attempt, of gate: String) {
    gates[gate, default: []].append(attempt)
    if gates[gate, default: []].count > Self.most { gates[gate]?.removeFirst() }
  }

  /// Forgets gates that are no longer asked.
  mutating func keep(only names: Set<String>) { gates = gates.filter { names.contains($0.key) } }

  /// With what another one heard, in the order of time.
  func joined(with other: GateSamples) -> GateSamples {
    var all = self
    all.gates.merge(other.gates) { ($0 + $1).sorted { $0.at < $1.at } }
    return all
  }

  /// Failures and latency of each gate.
  func signals(in whole: Window) -> [Signal] {
    gates.sorted { $0.key < $1.key }.flatMap { name, attempts in
      let attempts = attempts.filter { $0.at >= whole.since && $0.at < whole.until }
      let latency = attempts.compactMap { attempt in
        attempt.milliseconds.map { SignalSample(at: attempt.at, value: $0) }
      }
      return [
        Signal(
          name: name, source: .gate, samples: attempts.map { SignalSample(at: $0.at, value: $0.held ? 0 : 1) })
      ]
        + (latency.isEmpty
          ? [] : [Signal(name: "\(name) latency", source: .latency, leastChange: Self.leastLatency, samples: latency)])
    }
  }

  /// Milliseconds below which a difference is nobody's concern.
  static let leastLatency = 5.0
}

/// Asks the gates that a verdict can be made from, once each.
struct GateSampler {
  let context: EnvironmentContext

  /// HTTP gates; after a rollback readiness too.
  static func gates(of context: EnvironmentContext, withReadiness: Bool) -> [GateConfiguration] {
    context.configuration.gates.filter { gate in
      switch gate.check {
      case .http: true
      case .readiness: withReadiness
      case .command, .tcp, .prometheus: false
      }
    }
  }

  /// - Throws: Only when cancelled.
  func sample(withReadiness: Bool, into samples: inout GateSamples) async throws {
    let gates = Self.gates(of: context, withReadiness: withReadiness)
    let probe = probe()
    let attempts = try await withThrowingTaskGroup(of: (String, GateSamples.Attempt).self) { group in
      for gate in gates { group.addTask { (gate.name, try await attempt(gate, probe)) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for (name, attempt) in attempts { samples.add(attempt, of: name) }
  }

  private func attempt(_ gate: GateConfiguration, _ probe: NetworkProbe) async throws -> GateSamples.Attempt {
    let (at, start) = (context.time.now(), ContinuousClock.now)
    let problem = try await probe.probe(gate, within: gate.timeout)
    let took = (ContinuousClock.now - start) / .milliseconds(1)
    return GateSamples.Attempt(at: at, held: problem == nil, milliseconds: gate.check == .readiness ? nil : took)
  }

  private func probe() -> NetworkProbe {
    var probe = NetworkProbe(root: context.configuration.target.root)
    guard let digest = try? context.head().state.deployed?.release.digest,
      let contents = try? StoredRelease(digest, in: context.repository.git)
    else { return probe }
    probe.health = { [target = context.target] in try await target.health(of: contents) }
    return probe
  }
}

extension GateSamples {
  /// What the gates of a bad release's deployments said, from the journal: each attempt of one that failed, in equal
  /// distances. The watcher's ring may not have them.
  init(from events: [Event], asking gates: [GateConfiguration]) {
    let known = Set(gates.filter { $0.stableFor == .zero }.map(\.name))
    for event in events {
      guard case .gate(let result) = event.payload, known.contains(result.gate), !result.passed else { continue }
      let count = min(result.attempts, Self.most)
      for number in 0..<count {
        let back = result.milliseconds * Int64(count - number) / Int64(max(1, count))
        add(
          Attempt(at: event.time.advanced(by: .milliseconds(-back)), held: false, milliseconds: nil), of: result.gate)
      }
    }
  }
}
