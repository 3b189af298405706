/// What is still to be done about a rollback, as things stand now.
struct IncidentFollowUps {
  private let incident: Incident
  private let state: EnvironmentState

  init(_ incident: Incident, _ state: EnvironmentState) {
    (self.incident, self.state) = (incident, state)
  }

  var all: [String] { [restoration, revert, cause, quarantine].compactMap { $0 } + holds + [work].compactMap { $0 } }

  private var restoration: String? {
    switch incident.outcome {
    case nil: "The rollback is under way."
    case "verified": nil
    case "restoredUnverified":
      "\(incident.target) runs again, but its gates don't hold: \(incident.detail ?? "no detail")."
    default: "Production was not brought back: \(incident.detail ?? "no detail"). See `mooring runbook`."
    }
  }

  private var revert: String? {
    guard let owed = state.owed.first(where: { $0.rollback.string == incident.id }) else { return nil }
    return "The revert \(owed.revert.commit.short) is not on the branch yet: \(owed.why ?? "it waits to be pushed")."
  }

  private var cause: String? {
    switch incident.verdict?.verdict {
    case .noChange: "The cause is still open: going back changed nothing that is measured."
    case .worse: "The cause is still open: the signals are worse than before."
    case .notEnoughData: "Nothing that is measured says whether it helped: look for yourself, and configure `signals`."
    case .recovered, nil: nil
    }
  }

  private var quarantine: String? {
    guard let from = incident.from, state.quarantine.entry(blocking: from.digest) != nil else { return nil }
    return "\(from.label) is in quarantine: automation doesn't deploy it again."
  }

  private var holds: [String] {
    state.holds.map { "Automatic deployment is held by \($0.initiator.name): \($0.hold.reason)." }
  }

  private var work: String? {
    let count = incident.undone.count
    guard count > 0, state.deployed?.release.digest == incident.to.digest else { return nil }
    return
      "What \(count == 1 ? "the undone commit was" : "\(count) undone commits were") for is still to be done, without the fault."
  }
}
