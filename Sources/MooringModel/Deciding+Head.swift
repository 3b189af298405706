extension Deciding {
  /// The branch was read: number what is new, see whether history was rewritten, and deploy what should run.
  mutating func head(_ report: HeadReport) {
    guard isCurrent(report) else {
      perform(report.asked.map { .fetch($0) } ?? .readHead)
      return
    }
    if let catalogue = report.catalogue { record(.catalogue(catalogue)) }
    if let rewritten = report.rewritten { rewrite(rewritten) }
    for release in report.releases { record(.release(release)) }
    liftHolds(after: report)
    if !state.owed.isEmpty { perform(.push) }
    if !state.needless.isEmpty { perform(.settle(state.needless)) }
    guard let candidate = report.candidate else {
      if let fault = report.refusal { refuse(report, fault) }
      return
    }
    deploy(candidate, report)
  }

  /// Whether the branch was read on top of what is known now: another reading may have been recorded in between, and
  /// numbers would be used twice.
  private func isCurrent(_ report: HeadReport) -> Bool {
    if report.catalogue != nil { return state.anchor == nil }
    if let rewritten = report.rewritten, rewritten.was != state.anchor { return false }
    guard let first = report.releases.first else { return true }
    return first.number == state.lastNumber.next || (state.newest.map(first.isVerifiedAgain) ?? false)
  }

  private mutating func rewrite(_ rewritten: HistoryRewritten) {
    record(.historyRewritten(rewritten))
    let lost = rewritten.vanished.count
    let reason =
      "history was rewritten: the branch moved from \(rewritten.was.short) to \(rewritten.now.short)"
      + " and lost \(lost) release\(lost == 1 ? "" : "s")"
    record(.hold(Hold(cause: .historyRewritten, reason: reason)))
    perform(.alert(reason))
  }

  /// The system's holds lift with their cause: a newer release supersedes a failed one.
  private mutating func liftHolds(after report: HeadReport) {
    guard !report.releases.isEmpty, state.isHeld else { return }
    let supersedable: Set<Hold.Cause> = [.firstReleaseFailed, .deploymentFailed]
    guard state.holds.allSatisfy({ supersedable.contains($0.hold.cause) }) else { return }
    guard let digest = report.candidate?.digest, digest != state.failure?.release.digest else { return }
    record(.resume(Resume(reason: "a newer release takes over")))
  }

  private mutating func refuse(_ report: HeadReport, _ fault: Fault) {
    if report.asked != nil {
      perform(.refuse(fault))
    }
    guard state.lastAlertAbout != report.remote else { return }
    record(.alert(Alert(message: fault.description, about: report.remote)))
    perform(.alert(fault.description))
  }

  private mutating func deploy(_ candidate: ReleaseReference, _ report: HeadReport) {
    guard state.inFlight == nil, state.rollback == nil else { return }
    guard state.drill == nil else {
      return perform(.refuse(Fault(.busy, "a drill hasn't returned yet", remedy: "roll back, or try again later")))
    }
    if let asked = report.asked {
      if state.isHeld && !asked.despiteHold {
        perform(.refuse(heldFault))
      } else if let undrilled = report.undrilled, !asked.withoutDrill {
        perform(.refuse(undrilled))
      } else if let unsaved = report.unsaved, !asked.withoutBackup {
        perform(.refuse(unsaved))
      } else {
        perform(.plan(candidate, .asked, asked.initiator, resuming: nil))
      }
      return
    }
    guard policy.automatic, !state.isHeld, !isSettled(candidate) else { return }
    if let failure = state.failure, failure.release.revision == candidate.revision, !failure.mayRetry(at: now) {
      return
    }
    switch admission(of: candidate.digest, report.resemblances) {
    case .admitted:
      if let fault = report.undrilled ?? report.unsaved { return wait(with: candidate, for: fault) }
      perform(.plan(candidate, .revision, .watcher, resuming: nil))
    case .refused(let entry, let resemblance): block(candidate, entry, resemblance)
    case .unread: perform(.readHead)
    }
  }

  /// A release that waits for a drill or a backup is told of once.
  private mutating func wait(with candidate: ReleaseReference, for fault: Fault) {
    perform(.refuse(fault))
    guard state.lastAlertAbout != candidate.revision else { return }
    record(.alert(Alert(message: fault.description, about: candidate.revision)))
    perform(.alert(fault.description))
  }

  func admission(of digest: ReleaseDigest, _ resemblances: Resemblances) -> Admission {
    admits(state.quarantine, Candidate(digest, resemblances), at: now, for: policy.rollback.quarantineFor)
  }

  private func isSettled(_ candidate: ReleaseReference) -> Bool {
    guard let deployed = state.deployed, deployed.release.digest == candidate.digest else { return false }
    return deployed.verified || state.failure?.release.digest == candidate.digest
  }

  private mutating func block(
    _ candidate: ReleaseReference, _ entry: QuarantineEntry, _ resemblance: Resemblance
  ) {
    guard state.blocked?.release.revision != candidate.revision else { return }
    let blocked = QuarantineBlocked(release: candidate, by: entry, resemblance)
    record(.quarantineBlocked(blocked))
    perform(.alert(blocked.reason))
  }
}
