public import MooringModel

/// The line that a journal's commit begins with, and that `mooring log` prints: an event as a sentence.
public struct EventMessage: Sendable {
  public var headline: String
  public var details: [String] = []

  public init(_ event: Event) {
    headline = Self.headline(of: event)
    details = Self.details(of: event)
  }

  /// The message of the journal's commit.
  public var commitMessage: String {
    details.isEmpty ? headline + "\n" : headline + "\n\n" + details.joined(separator: "\n") + "\n"
  }

  private static func headline(of event: Event) -> String {
    switch event.payload {
    case .catalogue(let catalogue):
      "catalogue: \(catalogue.count) release\(catalogue.count == 1 ? "" : "s") up to \(catalogue.upTo.short)"
    case .release(let release): released(release)
    case .deploymentStarted(let started) where started.trigger == .heal:
      "putting back \(started.drifts?.count ?? 0) changed by hand, for \(event.initiator)"
    case .deploymentStarted(let started): "deploying \(started.release.label)\(trigger(started, event))"
    case .gate(let gate):
      "gate \(gate.gate) \(gate.passed ? "held" : "failed\(gate.detail.map { ": " + bounded($0) } ?? "")")"
    case .deploymentFinished(let finished): self.finished(finished)
    case .rollbackStarted(let started):
      "\(started.automatic ? "automatic rollback" : "rollback") to"
        + " \(started.to.restores?.description ?? started.to.label) by \(event.initiator): \(bounded(started.reason))"
    case .revertPushed(let pushed): "revert \(pushed.landed.short) is on the branch"
    case .revertOwed(let owed): "revert \(owed.commit.short) is owed: \(bounded(owed.why))"
    case .revertProposed(let proposed):
      "revert \(proposed.commit.short) waits in \(bounded(proposed.request.description))"
    case .revertDeclined(let declined):
      "\(bounded(declined.request.description)) was closed unmerged: revert \(declined.commit.short) is still owed"
    case .requestSettled(let settled): self.settled(settled)
    case .rollbackFinished(let finished): rolledBack(finished)
    case .rollbackRehearsed(let rehearsed): self.rehearsed(rehearsed)
    case .verdict(let given): "verdict: \(given.verdict.rawValue): \(bounded(given.why))"
    case .hold(let hold): "held by \(event.initiator): \(bounded(hold.reason))"
    case .resume(let resume): "resumed by \(event.initiator): \(bounded(resume.reason))"
    case .quarantine(let entry):
      "\(entry.number?.description ?? entry.revision.short) is in quarantine: \(bounded(entry.reason))"
    case .quarantineLifted(let lifted): "quarantine of \(lifted.digest.short) lifted: \(bounded(lifted.reason))"
    case .quarantineBlocked(let blocked): "blocked: \(bounded(blocked.reason))"
    case .historyRewritten(let rewritten):
      "history rewritten: \(rewritten.was.short) became \(rewritten.now.short)"
        + " (\(rewritten.vanished.count) releases vanished from the branch)"
    case .takeover(let takeover): "taken over by \(event.source) from \(takeover.from ?? "nobody")"
    case .union(let union): "union with the journal at \(union.other.short)"
    case .driftDetected(let detected): DriftMessage.detected(detected)
    case .driftChanged(let changed): DriftMessage.changed(changed)
    case .driftResolved(let resolved): DriftMessage.resolved(resolved, by: event.initiator)
    case .driftIgnored(let ignored): DriftMessage.ignored(ignored, by: event.initiator)
    case .driftFought(let fought): DriftMessage.fought(fought)
    case .adopted(let adopted):
      "adopted into \(bounded(adopted.branch)) by \(event.initiator): commit \(adopted.commit.short)"
    case .anchored(let anchored): "time-stamped \(anchored.head.short) at \(anchored.time) by \(bounded(anchored.by))"
    case .acknowledged(let known):
      "\(event.initiator) acknowledged that \(known.head.short) isn't what the journal has: \(bounded(known.reason))"
    case .unattended(let window): "nobody watched between \(window.since) and \(window.until)"
    case .alert(let alert): "alert: \(bounded(alert.message))"
    case .note(let note):
      "note by \(event.initiator)\(note.incident.map { " on \($0.short)" } ?? ""): \(bounded(note.text))"
    case .artifacts(let artifacts):
      "recorded what \(artifacts.images.count) image\(artifacts.images.count == 1 ? " is" : "s are") in \(artifacts.release.short)"
    case .drillStarted(let started):
      "drill from \(started.from.label) to \(started.to.label) and back, by \(event.initiator)"
    case .drillFinished(let finished): drilled(finished)
    case .unknown(let kind): "\(kind) (written by a newer version of Mooring)"
    }
  }

  private static func released(_ release: Release) -> String {
    let signature = release.signature.map { "; " + bounded($0.description) } ?? ""
    let isHeldBack = release.refusal != nil && release.digest != nil
    return "\(release.number) released: \(bounded(release.summary)) (\(release.author))\(signature)"
      + (isHeldBack ? "; it is not deployed" : "")
  }

  private static func trigger(_ started: DeploymentStarted, _ event: Event) -> String {
    switch started.trigger {
    case .revision: ""
    case .asked: " for \(event.initiator)"
    case .rollback: " to roll back"
    case .heal: " to put back what was changed"
    case .drill: ", as a drill"
    case .drillReturn: " again, after a drill"
    }
  }

  private static func finished(_ finished: DeploymentFinished) -> String {
    switch finished.outcome {
    case .verified: "verified"
    case .failed: "failed: \(bounded(finished.detail ?? "no detail"))"
    case .superseded: finished.detail.map(bounded) ?? "superseded"
    case .interrupted: "interrupted"
    }
  }

  private static func rolledBack(_ finished: RollbackFinished) -> String {
    let seconds = Elapsed.seconds(finished.milliseconds)
    let push = finished.pushed ? "" : "; the revert is owed"
    return switch finished.outcome {
    case .verified: "rolled back and verified in \(seconds) s\(push)"
    case .restoredUnverified: "rolled back, but not verified: \(bounded(finished.detail ?? "gates failed"))\(push)"
    case .failed: "rollback failed: \(bounded(finished.detail ?? "no detail"))\(push)"
    case .unconfirmed: "rollback asked for: \(bounded(finished.detail ?? "nobody has carried it out yet"))"
    }
  }

  private static func settled(_ settled: RequestSettled) -> String {
    let request = bounded(settled.request.description)
    let branch = settled.deleted ? ", and its branch is deleted" : ""
    let problem = settled.problem.map { "; " + bounded($0) } ?? ""
    return (settled.closed ? "\(request) is closed" : "\(request) is done with")
      + ": \(bounded(settled.why))\(branch)\(problem)"
  }

  private static func drilled(_ finished: DrillFinished) -> String {
    let detail = finished.detail.map { ": " + bounded($0) } ?? ""
    let left = finished.returned ? "" : "; production did not return"
    return switch finished.outcome {
    case .verified:
      "drilled: back and verified in \(Elapsed.seconds(finished.milliseconds)) s,"
        + " returned in \(Elapsed.seconds(finished.returnMilliseconds)) s"
    case .failed: "drill failed\(detail)\(left)"
    case .superseded: "drill superseded\(detail)\(left)"
    case .interrupted: "drill interrupted\(detail)\(left)"
    }
  }

  private static func rehearsed(_ rehearsed: RollbackRehearsed) -> String {
    "by dryRun nothing is rolled back: it would be to \(rehearsed.to.restores?.description ?? rehearsed.to.label),"
      + " and undo \(rehearsed.undone.count) commit\(rehearsed.undone.count == 1 ? "" : "s"): \(bounded(rehearsed.reason))"
      + (rehearsed.problem.map { "; no revert could be made: \(bounded($0))" } ?? "")
  }

  private static func details(of event: Event) -> [String] {
    var lines: [String] = []
    switch event.payload {
    case .release(let release):
      lines.append("Revision: \(release.revision)")
      if let digest = release.digest { lines.append("Digest: \(digest)") }
      if let signature = release.signature { lines.append("Signature: \(bounded(signature.description))") }
      if let refusal = release.refusal { lines.append("Refused: \(bounded(refusal))") }
    case .deploymentStarted(let started):
      lines.append("\(started.added) added, \(started.changed) changed, \(started.removed) removed")
      lines.append("Deployment: \(started.deployment)")
      lines.append("Digest: \(started.release.digest)")
    case .deploymentFinished(let finished): lines.append("Deployment: \(finished.deployment)")
    case .gate(let gate): lines.append("Deployment: \(gate.deployment)")
    case .rollbackStarted(let started):
      lines += started.undone.map { "Undoes: \($0)" }
      if let revert = started.revert { lines.append("Revert: \(revert.commit)") }
      lines.append("Rollback: \(started.rollback)")
    case .rollbackFinished(let finished): lines.append("Rollback: \(finished.rollback)")
    case .drillStarted(let started): lines.append("Drill: \(started.drill)")
    case .drillFinished(let finished): lines.append("Drill: \(finished.drill)")
    case .rollbackRehearsed(let rehearsed): lines += rehearsed.undone.prefix(100).map { "Would undo: \($0)" }
    case .quarantine(let entry):
      lines.append("Digest: \(entry.digest)")
      lines += entry.change?.images.map { "Image: \(bounded($0))" } ?? []
      lines += entry.change?.fields.map { "Changed: \(bounded($0.description))" } ?? []
    case .quarantineBlocked(let blocked):
      lines.append("By: \(blocked.revision)")
      lines.append(oneLine(blocked.message(in: event.environment.string)))
    case .verdict(let given):
      lines.append("Rollback: \(given.rollback)")
      lines += given.signals.map { bounded("Signal: \($0.summary) \($0.sparkline)") }
      lines += given.meanwhile.map { bounded("Meanwhile: \($0.at) \($0.environment): \($0.what)") }
    case .historyRewritten(let rewritten): lines += rewritten.vanished.prefix(100).map { "Vanished: \($0)" }
    case .driftDetected(let detected): lines += DriftMessage.details(of: detected.drifts)
    case .driftChanged(let changed): lines += DriftMessage.details(of: changed.drifts)
    case .driftResolved(let resolved): lines += resolved.drifts.prefix(100).map { "Drift: \($0.id) \($0.object)" }
    default: break
    }
    return lines
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// One line of at most 200 characters, whatever was in it.
  static func bounded(_ text: String) -> String {
    let line = oneLine(text)
    return line.count > 200 ? line.prefix(199) + "…" : line
  }
}
