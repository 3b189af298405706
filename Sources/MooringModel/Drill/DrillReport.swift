/// What a drill came to, step by step, from the events of a journal.
public struct DrillReport: Sendable, Hashable, Encodable {
  public struct Gate: Sendable, Hashable, Encodable {
    public var gate: String
    public var passed: Bool
    public var attempts: Int
    public var milliseconds: Int64
    public var detail: String?
  }

  /// One of its deployments: of the earlier release, or of the present one again.
  public struct Leg: Sendable, Hashable, Encodable {
    public var at: Timestamp
    public var deployment: String
    public var release: String
    public var digest: String
    public var isReturn: Bool
    public var steps: [String]
    public var gates: [Gate] = []
    public var outcome: String?
    public var milliseconds: Int64?
    public var detail: String?
  }

  public var environment: String
  public var drill: String
  public var by: String
  public var from: String
  public var to: String
  public var started: Timestamp
  public var ended: Timestamp?
  /// `verified`, `failed`, `superseded` or `interrupted`; `nil` while it is under way.
  public var outcome: String?
  public var returned: Bool?
  /// From its start to the earlier release, verified.
  public var milliseconds: Int64?
  /// From there to the present release, verified.
  public var returnMilliseconds: Int64?
  public var detail: String?
  public var legs: [Leg] = []

  /// - Parameters:
  ///   - id: Which one; the newest where it is `nil`.
  ///   - events: In the order of the journal.
  public init?(_ id: Identifier?, in events: some BidirectionalCollection<Event>) {
    let beginning = events.last { event in
      guard case .drillStarted(let started) = event.payload else { return false }
      return id == nil || started.drill == id
    }
    guard let beginning, case .drillStarted(let started) = beginning.payload else { return nil }
    environment = beginning.environment.string
    drill = started.drill.string
    by = beginning.initiator.name
    (from, to) = (started.from.label, started.to.label)
    self.started = beginning.time
    for event in events { take(event, of: started.drill) }
  }

  private mutating func take(_ event: Event, of drill: Identifier) {
    switch event.payload {
    case .deploymentStarted(let begun) where begun.trigger.drill == drill:
      legs.append(
        Leg(
          at: event.time, deployment: begun.deployment.string, release: begun.release.label,
          digest: begun.release.digest.hex, isReturn: begun.trigger.isReturn, steps: begun.steps.map(\.rawValue)))
    case .gate(let gate):
      guard let leg = leg(gate.deployment) else { return }
      legs[leg].gates.append(
        Gate(
          gate: gate.gate, passed: gate.passed, attempts: gate.attempts, milliseconds: gate.milliseconds,
          detail: gate.detail))
    case .deploymentFinished(let ended):
      guard let leg = leg(ended.deployment) else { return }
      legs[leg].outcome = ended.outcome.rawValue
      legs[leg].detail = ended.detail
      legs[leg].milliseconds = event.time.milliseconds - legs[leg].at.milliseconds
    case .drillFinished(let finished) where finished.drill == drill:
      ended = event.time
      outcome = finished.outcome.rawValue
      returned = finished.returned
      (milliseconds, returnMilliseconds) = (finished.milliseconds, finished.returnMilliseconds)
      detail = finished.detail
    default: break
    }
  }

  private func leg(_ deployment: Identifier) -> Int? { legs.lastIndex { $0.deployment == deployment.string } }
}

extension DrillReport {
  /// On one line.
  public var line: String {
    let way = "\(environment): drill from \(from) to \(to) and back"
    return switch outcome {
    case "verified":
      "\(way): \(to) was verified in \(Elapsed.seconds(milliseconds)) s, and \(from) again in"
        + " \(Elapsed.seconds(returnMilliseconds)) s"
    case let outcome?: "\(way): \(outcome)\(detail.map { ": " + $0 } ?? ""); \(place)"
    case nil: "\(way): not ended; it returns when the environment is worked on next"
    }
  }

  private var place: String {
    returned == true ? "production runs \(from) again" : "production did not return to \(from)"
  }

  /// The line, and what happened in between.
  public var text: String {
    var lines = [line]
    for leg in legs {
      lines.append(
        "  \(leg.at)  \(leg.release)\(leg.isReturn ? " again" : ""): \(leg.outcome ?? "not ended")"
          + (leg.milliseconds.map { " after \(Elapsed.seconds($0)) s" } ?? "")
          + " (\(leg.steps.joined(separator: ", ")))")
      lines += leg.gates.map {
        "    gate \($0.gate) \($0.passed ? "held" : "failed") after \(Elapsed.seconds($0.milliseconds)) s"
          + ($0.detail.map { ": " + $0 } ?? "")
      }
    }
    return lines.joined(separator: "\n")
  }
}
