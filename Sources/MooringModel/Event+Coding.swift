extension Event: Codable {
  enum CodingKeys: String, CodingKey { case schema, id, time, initiator, source, environment, kind, payload }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let schema = try container.decode(Int.self, forKey: .schema)
    guard schema >= 1 else { throw Fault(.journal, "an event of schema \(schema)") }
    id = try container.decode(Identifier.self, forKey: .id)
    time = try container.decode(Timestamp.self, forKey: .time)
    initiator = try container.decode(Initiator.self, forKey: .initiator)
    source = try container.decode(String.self, forKey: .source)
    environment = try container.decode(EnvironmentName.self, forKey: .environment)
    let kind = try container.decode(String.self, forKey: .kind)
    payload = try Payload(kind: kind, from: container)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(id, forKey: .id)
    try container.encode(time, forKey: .time)
    try container.encode(initiator, forKey: .initiator)
    try container.encode(source, forKey: .source)
    try container.encode(environment, forKey: .environment)
    try container.encode(payload.kind, forKey: .kind)
    try payload.encode(into: &container)
  }
}

extension Event.Payload {
  /// The kind's name in the journal.
  public var kind: String {
    switch self {
    case .catalogue: "catalogue"
    case .release: "release"
    case .deploymentStarted: "deployment.started"
    case .gate: "gate"
    case .deploymentFinished: "deployment.finished"
    case .rollbackStarted: "rollback.started"
    case .revertPushed: "revert.pushed"
    case .revertOwed: "revert.owed"
    case .revertProposed: "revert.proposed"
    case .revertDeclined: "revert.declined"
    case .requestSettled: "request.settled"
    case .rollbackFinished: "rollback.finished"
    case .rollbackRehearsed: "rollback.rehearsed"
    case .verdict: "verdict"
    case .hold: "hold"
    case .resume: "resume"
    case .quarantine: "quarantine"
    case .quarantineLifted: "quarantine.lifted"
    case .quarantineBlocked: "quarantine.blocked"
    case .historyRewritten: "history-rewritten"
    case .takeover: "takeover"
    case .union: "union"
    case .driftDetected: "drift.detected"
    case .driftChanged: "drift.changed"
    case .driftResolved: "drift.resolved"
    case .driftIgnored: "drift.ignored"
    case .driftFought: "drift.fought"
    case .adopted: "adopted"
    case .anchored: "anchored"
    case .acknowledged: "acknowledged"
    case .unattended: "unattended"
    case .alert: "alert"
    case .note: "note"
    case .artifacts: "artifacts"
    case .drillStarted: "drill.started"
    case .drillFinished: "drill.finished"
    case .unknown(let kind): kind
    }
  }

  init(kind: String, from container: KeyedDecodingContainer<Event.CodingKeys>) throws {
    func payload<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
      try container.decode(Value.self, forKey: .payload)
    }
    switch kind {
    case "catalogue": self = try .catalogue(payload())
    case "release": self = try .release(payload())
    case "deployment.started": self = try .deploymentStarted(payload())
    case "gate": self = try .gate(payload())
    case "deployment.finished": self = try .deploymentFinished(payload())
    case "rollback.started": self = try .rollbackStarted(payload())
    case "revert.pushed": self = try .revertPushed(payload())
    case "revert.owed": self = try .revertOwed(payload())
    case "revert.proposed": self = try .revertProposed(payload())
    case "revert.declined": self = try .revertDeclined(payload())
    case "request.settled": self = try .requestSettled(payload())
    case "rollback.finished": self = try .rollbackFinished(payload())
    case "rollback.rehearsed": self = try .rollbackRehearsed(payload())
    case "verdict": self = try .verdict(payload())
    case "hold": self = try .hold(payload())
    case "resume": self = try .resume(payload())
    case "quarantine": self = try .quarantine(payload())
    case "quarantine.lifted": self = try .quarantineLifted(payload())
    case "quarantine.blocked": self = try .quarantineBlocked(payload())
    case "history-rewritten": self = try .historyRewritten(payload())
    case "takeover": self = try .takeover(payload())
    case "union": self = try .union(payload())
    case "drift.detected": self = try .driftDetected(payload())
    case "drift.changed": self = try .driftChanged(payload())
    case "drift.resolved": self = try .driftResolved(payload())
    case "drift.ignored": self = try .driftIgnored(payload())
    case "drift.fought": self = try .driftFought(payload())
    case "adopted": self = try .adopted(payload())
    case "anchored": self = try .anchored(payload())
    case "acknowledged": self = try .acknowledged(payload())
    case "unattended": self = try .unattended(payload())
    case "alert": self = try .alert(payload())
    case "note": self = try .note(payload())
    case "artifacts": self = try .artifacts(payload())
    case "drill.started": self = try .drillStarted(payload())
    case "drill.finished": self = try .drillFinished(payload())
    default: self = .unknown(kind: kind)
    }
  }

  func encode(into container: inout KeyedEncodingContainer<Event.CodingKeys>) throws {
    switch self {
    case .catalogue(let value): try container.encode(value, forKey: .payload)
    case .release(let value): try container.encode(value, forKey: .payload)
    case .deploymentStarted(let value): try container.encode(value, forKey: .payload)
    case .gate(let value): try container.encode(value, forKey: .payload)
    case .deploymentFinished(let value): try container.encode(value, forKey: .payload)
    case .rollbackStarted(let value): try container.encode(value, forKey: .payload)
    case .revertPushed(let value): try container.encode(value, forKey: .payload)
    case .revertOwed(let value): try container.encode(value, forKey: .payload)
    case .revertProposed(let value): try container.encode(value, forKey: .payload)
    case .revertDeclined(let value): try container.encode(value, forKey: .payload)
    case .requestSettled(let value): try container.encode(value, forKey: .payload)
    case .rollbackFinished(let value): try container.encode(value, forKey: .payload)
    case .rollbackRehearsed(let value): try container.encode(value, forKey: .payload)
    case .verdict(let value): try container.encode(value, forKey: .payload)
    case .hold(let value): try container.encode(value, forKey: .payload)
    case .resume(let value): try container.encode(value, forKey: .payload)
    case .quarantine(let value): try container.encode(value, forKey: .payload)
    case .quarantineLifted(let value): try container.encode(value, forKey: .payload)
    case .quarantineBlocked(let value): try container.encode(value, forKey: .payload)
    case .historyRewritten(let value): try container.encode(value, forKey: .payload)
    case .takeover(let value): try container.encode(value, forKey: .payload)
    case .union(let value): try container.encode(value, forKey: .payload)
    case .driftDetected(let value): try container.encode(value, forKey: .payload)
    case .driftChanged(let value): try container.encode(value, forKey: .payload)
    case .driftResolved(let value): try container.encode(value, forKey: .payload)
    case .driftIgnored(let value): try container.encode(value, forKey: .payload)
    case .driftFought(let value): try container.encode(value, forKey: .payload)
    case .adopted(let value): try container.encode(value, forKey: .payload)
    case .anchored(let value): try container.encode(value, forKey: .payload)
    case .acknowledged(let value): try container.encode(value, forKey: .payload)
    case .unattended(let value): try container.encode(value, forKey: .payload)
    case .alert(let value): try container.encode(value, forKey: .payload)
    case .note(let value): try container.encode(value, forKey: .payload)
    case .artifacts(let value): try container.encode(value, forKey: .payload)
    case .drillStarted(let value): try container.encode(value, forKey: .payload)
    case .drillFinished(let value): try container.encode(value, forKey: .payload)
    case .unknown: try container.encode([String: String](), forKey: .payload)
    }
  }
}
