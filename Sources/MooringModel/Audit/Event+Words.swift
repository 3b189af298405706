extension Event.Payload {
  /// The same, with each sentence that a person, a program or another machine wrote put through a function. Names, ids and
  /// values of fields are no sentences.
  public func rewording(_ words: (String) -> String) -> Event.Payload {
    switch self {
    case .release(var release):
      release.summary = words(release.summary)
      release.refusal = release.refusal.map(words)
      return .release(release)
    case .gate(var gate):
      gate.detail = gate.detail.map(words)
      return .gate(gate)
    case .deploymentFinished(var finished):
      finished.detail = finished.detail.map(words)
      return .deploymentFinished(finished)
    case .drillFinished(var finished):
      finished.detail = finished.detail.map(words)
      return .drillFinished(finished)
    case .verdict(var given):
      given.why = words(given.why)
      return .verdict(given)
    default: return rewordingRollback(words) ?? rewordingDecision(words) ?? self
    }
  }

  /// `nil` of what has nothing to do with a rollback.
  private func rewordingRollback(_ words: (String) -> String) -> Event.Payload? {
    switch self {
    case .rollbackStarted(var started):
      started.reason = words(started.reason)
      return .rollbackStarted(started)
    case .rollbackFinished(var finished):
      finished.verdict = finished.verdict.map(words)
      finished.detail = finished.detail.map(words)
      return .rollbackFinished(finished)
    case .rollbackRehearsed(var rehearsed):
      rehearsed.reason = words(rehearsed.reason)
      rehearsed.problem = rehearsed.problem.map(words)
      return .rollbackRehearsed(rehearsed)
    case .revertOwed(var owed):
      owed.why = words(owed.why)
      return .revertOwed(owed)
    case .requestSettled(var settled):
      settled.why = words(settled.why)
      settled.problem = settled.problem.map(words)
      return .requestSettled(settled)
    default: return nil
    }
  }

  /// `nil` of what nobody decides or says.
  private func rewordingDecision(_ words: (String) -> String) -> Event.Payload? {
    switch self {
    case .hold(var hold):
      hold.reason = words(hold.reason)
      return .hold(hold)
    case .resume(var resume):
      resume.reason = words(resume.reason)
      return .resume(resume)
    case .quarantine(var entry):
      entry.reason = words(entry.reason)
      return .quarantine(entry)
    case .quarantineLifted(var lifted):
      lifted.reason = words(lifted.reason)
      return .quarantineLifted(lifted)
    case .quarantineBlocked(var blocked):
      blocked.reason = words(blocked.reason)
      blocked.resemblance.detail = blocked.resemblance.detail.map(words)
      return .quarantineBlocked(blocked)
    case .driftIgnored(var ignored):
      ignored.reason = ignored.reason.map(words)
      return .driftIgnored(ignored)
    case .alert(var alert):
      alert.message = words(alert.message)
      return .alert(alert)
    case .acknowledged(var known):
      known.reason = words(known.reason)
      return .acknowledged(known)
    case .note(var note):
      note.text = words(note.text)
      return .note(note)
    default: return nil
    }
  }
}
