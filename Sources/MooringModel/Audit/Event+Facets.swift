extension Event {
  /// Everybody whom the event names: who caused it, who wrote the commit, who changed production.
  public var people: [String] {
    let others: [String?] =
      switch payload {
      case .release(let release): [release.author]
      case .driftDetected(let detected): Self.people(of: detected.drifts)
      case .driftChanged(let changed): Self.people(of: changed.drifts)
      case .driftResolved(let resolved): [resolved.attribution?.login, resolved.attribution?.user]
      case .driftFought(let fought): [fought.attribution?.login, fought.attribution?.user]
      default: []
      }
    return [initiator.name] + others.compactMap { $0 }
  }

  private static func people(of drifts: [Drift]) -> [String?] {
    drifts.flatMap { [$0.attribution?.login, $0.attribution?.user] }
  }

  /// How what the event tells of ended, where it is an end.
  public var outcome: String? {
    switch payload {
    case .deploymentFinished(let finished): finished.outcome.rawValue
    case .rollbackFinished(let finished): finished.outcome.rawValue
    case .drillFinished(let finished): finished.outcome.rawValue
    case .driftResolved(let resolved): resolved.how.rawValue
    case .gate(let gate): gate.passed ? "passed" : "failed"
    case .release(let release): release.refusal == nil ? nil : "refused"
    case .revertOwed: "owed"
    case .revertPushed: "pushed"
    default: nil
    }
  }

  /// The objects and fields that the event itself lists.
  public var touched: [TouchedField] {
    switch payload {
    case .driftDetected(let detected): detected.drifts.flatMap(Self.touched)
    case .driftChanged(let changed): changed.drifts.flatMap(Self.touched)
    case .driftResolved(let resolved): resolved.drifts.map { TouchedField([$0.object.string]) }
    case .driftIgnored(let ignored): [TouchedField([ignored.object.string], field: ignored.field)]
    case .driftFought(let fought): [TouchedField([fought.object.string])]
    case .adopted(let adopted): adopted.objects.map { TouchedField([$0.string]) }
    case .deploymentStarted(let started):
      (started.fields ?? [:]).flatMap { object, fields in fields.map { TouchedField([object.string], field: $0) } }
    default: []
    }
  }

  private static func touched(_ drift: Drift) -> [TouchedField] {
    let fields = drift.difference.fields.map { field in
      TouchedField([drift.object.string, field.document].compactMap { $0 }, field: field.field)
    }
    return fields.isEmpty ? [TouchedField([drift.object.string])] : fields
  }
}

extension Event.Payload {
  /// Every kind that this program writes.
  public static let kinds = [
    "acknowledged", "adopted", "alert", "anchored", "artifacts", "catalogue", "deployment.finished",
    "deployment.started",
    "drift.changed",
    "drift.detected", "drift.fought", "drift.ignored", "drift.resolved", "drill.finished", "drill.started", "gate",
    "history-rewritten", "hold", "note",
    "quarantine", "quarantine.blocked", "quarantine.lifted", "release", "request.settled", "resume", "revert.declined",
    "revert.owed",
    "revert.proposed", "revert.pushed", "rollback.finished", "rollback.rehearsed", "rollback.started", "takeover",
    "unattended", "union", "verdict",
  ]
}
