import Mooring
import MooringJournal
import MooringModel

/// Tells on standard error what a loop does while it does it.
enum Storyteller {
  static let observer: @Sendable (LoopNews) -> Void = { tell($0) }

  /// Of a command that says itself what it did: only what it waits for.
  static let waiting: @Sendable (LoopNews) -> Void = { if case .waiting = $0 { tell($0) } }

  /// How long signals still take.
  static let wait: @Sendable (Duration) -> Void = { left in
    guard Terminal.isInteractive else { return }
    Terminal.overwrite("  waiting for signals: \(Int(left / .seconds(1)) + 1) s", isLast: false)
  }

  static func waited() {
    if Terminal.isInteractive { Terminal.overwrite("", isLast: false) }
  }

  static func tell(_ news: LoopNews) {
    switch news {
    case .recorded(let event):
      if let line = line(event) { Terminal.say(line) }
    case .fetching: if Terminal.isInteractive { Terminal.say("fetching…") }
    case .step(let report): if Terminal.isInteractive { Terminal.say("  \(report.step.rawValue): \(report.summary)") }
    case .received(.progress(let received, let total, let bytes)): progress(received, total, bytes)
    case .alert, .received: break
    case .waiting(let what): Terminal.say("waiting for \(what)…")
    }
  }

  /// One line that is written over while objects arrive.
  private static func progress(_ received: Int, _ total: Int, _ bytes: Int) {
    guard Terminal.isInteractive, total > 0 else { return }
    Terminal.overwrite("  \(received)/\(total) objects, \(bytes >> 10) KiB", isLast: received == total)
  }

  /// What a person at a terminal wants to see of an event.
  private static func line(_ event: Event) -> String? {
    switch event.payload {
    case .verdict, .release, .deploymentStarted, .gate, .deploymentFinished, .rollbackStarted, .revertPushed,
      .revertOwed,
      .revertProposed, .revertDeclined, .requestSettled, .hold,
      .resume, .quarantineLifted, .quarantineBlocked, .rollbackRehearsed, .historyRewritten, .catalogue, .alert,
      .driftDetected, .driftChanged, .driftResolved,
      .driftIgnored, .driftFought, .adopted, .drillStarted, .drillFinished:
      EventMessage(event).headline
    case .quarantine, .rollbackFinished, .takeover, .union, .note, .artifacts, .anchored, .acknowledged, .unattended,
      .unknown:
      nil
    }
  }
}
