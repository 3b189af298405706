/// The events of a journal that belong to one rollback, and what they come to.
struct IncidentStory {
  private let started: RollbackStarted
  private let place: Int
  private let all: [Event]
  /// Where the deployment of the bad release begins; the rollback's own place where it isn't known.
  private let first: Int
  /// The rollback's end, or the last event.
  private let last: Int

  init(_ events: [Event], of started: RollbackStarted, at place: Int) {
    (self.started, self.place, all) = (started, place, events)
    let bad = started.from?.digest
    var first = place
    for index in events.indices.prefix(place).reversed() {
      guard case .deploymentStarted(let deployment) = events[index].payload, !deployment.trigger.keepsRelease else {
        continue
      }
      // The last one that brought it there, also where it was tried several times.
      guard deployment.release.digest == bad else { break }
      first = index
    }
    self.first = first
    last =
      events.indices.dropFirst(place).first {
        if case .rollbackFinished(let finished) = events[$0].payload {
          finished.rollback == started.rollback
        } else {
          false
        }
      } ?? events.count - 1
  }

  var began: Timestamp? { first < place ? all[first].time : nil }

  /// Oldest first: from the bad release to the end of the rollback, and what is said of it later.
  var events: [Event] {
    let earliest = all[place].time.advanced(by: .zero - Incident.longestBefore)
    let release = all[..<first].filter {
      if case .release(let release) = $0.payload { release.digest == started.from?.digest } else { false }
    }
    let during = (first...last).filter { index in
      index >= place || all[index].time >= earliest || isOfBadRelease(all[index])
    }
    return Array(release.suffix(1)) + during.map { all[$0] } + all.dropFirst(last + 1).filter(isAbout)
  }

  private func isOfBadRelease(_ event: Event) -> Bool {
    switch event.payload {
    case .deploymentStarted(let deployment): deployment.release.digest == started.from?.digest
    case .deploymentFinished, .gate: event.time <= all[first].time.advanced(by: .seconds(3600))
    default: false
    }
  }

  /// Whether an event after the rollback's end tells more of it.
  private func isAbout(_ event: Event) -> Bool {
    switch event.payload {
    case .verdict(let given): given.rollback == started.rollback
    case .note(let note): note.incident == started.rollback
    case .revertPushed(let pushed): pushed.rollback == started.rollback
    case .revertOwed(let owed): owed.rollback == started.rollback
    case .revertProposed(let proposed): proposed.rollback == started.rollback
    case .revertDeclined(let declined): declined.rollback == started.rollback
    case .requestSettled(let settled): settled.rollback == started.rollback
    case .quarantineLifted(let lifted): lifted.digest == started.from?.digest
    default: false
    }
  }

  var finished: RollbackFinished? {
    if case .rollbackFinished(let finished) = all[last].payload { finished } else { nil }
  }

  var verdict: VerdictGiven? {
    all.dropFirst(last).lazy.compactMap { event -> VerdictGiven? in
      if case .verdict(let given) = event.payload, given.rollback == started.rollback { given } else { nil }
    }.first
  }

  /// The commit that the revert became on the branch.
  var landed: Revision? {
    all.dropFirst(place).lazy.compactMap { event -> Revision? in
      if case .revertPushed(let pushed) = event.payload, pushed.rollback == started.rollback {
        pushed.landed
      } else {
        nil
      }
    }.first
  }

  /// A gate or a step that failed, or the wish for the rollback.
  var detection: (Timestamp, String) {
    let asked = (all[place].time, "\(all[place].initiator.name) asked for the rollback")
    guard started.automatic else { return asked }
    for event in all[first..<place].reversed() {
      if case .deploymentFinished(let finished) = event.payload, finished.outcome == .failed {
        return (event.time, finished.detail ?? "the deployment failed")
      }
    }
    return asked
  }

  var restored: Timestamp? {
    let own = all[place...last].lazy.compactMap { event -> Identifier? in
      if case .deploymentStarted(let deployment) = event.payload, deployment.trigger == .rollback(started.rollback) {
        deployment.deployment
      } else {
        nil
      }
    }.first
    guard let finished, finished.outcome != .failed else { return nil }
    for event in all[place...last] {
      if case .deploymentFinished(let end) = event.payload, end.deployment == own { return event.time }
    }
    return all[last].time
  }

  var notes: [Incident.Note] {
    events.compactMap { event in
      guard case .note(let note) = event.payload else { return nil }
      return Incident.Note(at: event.time, by: event.initiator.name, text: note.text)
    }
  }

  var deployments: [Incident.Act] {
    var acts: [Incident.Act] = []
    var ids: [Identifier: Int] = [:]
    for event in events {
      switch event.payload {
      case .deploymentStarted(let start) where start.trigger != .heal:
        ids[start.deployment] = acts.count
        acts.append(
          Incident.Act(
            at: event.time, release: start.release.restores?.description ?? start.release.label,
            trigger: start.trigger.description, steps: start.steps.map(\.rawValue), added: start.added,
            changed: start.changed, removed: start.removed))
      case .deploymentFinished(let end):
        guard let index = ids[end.deployment] else { continue }
        acts[index].outcome = end.outcome.rawValue
        acts[index].milliseconds = event.time.milliseconds - acts[index].at.milliseconds
      default: break
      }
    }
    return acts
  }

  var gates: [Incident.Gate] {
    var labels: [Identifier: String] = [:]
    return events.compactMap { event in
      switch event.payload {
      case .deploymentStarted(let start):
        labels[start.deployment] = start.release.restores?.description ?? start.release.label
        return nil
      case .gate(let result):
        return Incident.Gate(
          at: event.time, release: labels[result.deployment] ?? "", gate: result.gate, passed: result.passed,
          attempts: result.attempts, milliseconds: result.milliseconds, detail: result.detail)
      default: return nil
      }
    }
  }
}
