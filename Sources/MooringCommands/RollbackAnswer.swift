import Mooring
import MooringModel

/// What `mooring rollback` says when it has ended.
struct RollbackAnswer: Encodable {
  var environment: String
  var rollback: String?
  var from: String?
  /// What production runs now, under its own number where it has one.
  var to: String?
  /// The earlier release that it is, byte for byte.
  var restores: String?
  /// The revert commit on the branch, or the one that is owed.
  var revert: String?
  var undone: [String] = []
  var ranBefore = false
  /// `verified`, `restoredUnverified`, `failed`, or `unconfirmed` by the machine that works on it.
  var outcome: String?
  var pushed = false
  var why: String?
  var milliseconds: Int64?
  var detail: String?
  /// Whether it helped; absent where nobody asked for signals.
  var verdict: VerdictGiven?
  /// Where its report is kept.
  var report: String?

  init(_ environment: EnvironmentName, _ report: LoopReport) {
    self.environment = environment.string
    for event in report.events { take(event.payload) }
    if let release = report.state.deployed?.release, outcome != nil { to = release.label }
  }

  private mutating func take(_ payload: Event.Payload) {
    switch payload {
    case .rollbackStarted(let started):
      rollback = started.rollback.string
      from = started.from?.label
      to = started.to.label
      restores = started.to.restores?.description
      revert = started.revert?.commit.hex
      undone = started.undone.map(\.hex)
      ranBefore = started.ranBefore
    case .revertPushed(let landed) where landed.commit.hex == revert: revert = landed.landed.hex
    case .revertOwed(let owed): why = owed.why
    case .rollbackFinished(let finished):
      outcome = finished.outcome.rawValue
      pushed = finished.pushed
      milliseconds = finished.milliseconds
      detail = finished.detail
    default: break
    }
  }

  /// 0 verified and pushed, 3 restored but something is owed or it didn't help, 1 failed or not known to be restored.
  var exitCode: Int32 {
    switch outcome {
    case "verified": pushed && (verdict.map { $0.verdict == .recovered } ?? true) ? 0 : 3
    case "restoredUnverified": 3
    default: 1
    }
  }

  var text: String {
    let seconds = Elapsed.seconds(milliseconds)
    let push = pushed ? "the revert is on the branch" : "the revert is owed: \(why ?? "it could not be pushed")"
    let before = ranBefore ? "" : ", which never ran before"
    let place = restores.map { to?.hasPrefix("\($0) ") == true ? $0 : "\($0), now \(to ?? "")" } ?? to ?? "?"
    return switch outcome {
    case "verified": "\(environment): back on \(place)\(before), verified in \(seconds) s; \(push)"
    case "restoredUnverified":
      "\(environment): \(place)\(before) is restored, but not verified: \(detail ?? "gates failed"); \(push)"
    case "unconfirmed": "\(environment): not known to be back on \(place): \(detail ?? "its owner has not said so")"
    default: "\(environment): the rollback failed: \(detail ?? "no detail"); \(push)"
    }
  }
}

/// What `mooring rollback --dry-run` says.
struct RollbackPlanAnswer: Encodable {
  var environment: String
  var from: String?
  var to: String
  var digest: String
  var undone: [String]
  var ranBefore: Bool
  var changes: [ReleaseChange]
  /// Files that were merged by field, since Git couldn't merge their lines.
  var byField: [String]
  var objects: [PlannedObject]?
  var problem: String?
  /// What other environments would get that have some of these inputs; absent where none has.
  var shared: [SharedPlan]?

  init(_ environment: EnvironmentName, _ preview: RollbackPreview) {
    self.environment = environment.string
    from = preview.from?.label
    to = preview.to.restores?.description ?? preview.to.label
    digest = preview.to.digest.hex
    undone = preview.undone.map(\.hex)
    ranBefore = preview.ranBefore
    changes = preview.changes
    byField = preview.byField
    objects = preview.objects
    problem = preview.problem?.description
    shared = preview.shared.isEmpty ? nil : preview.shared
  }
}

/// What `mooring rollback --dry-run --output json` says where somebody has to decide.
struct RollbackConflictsAnswer: Encodable {
  var environment: String
  var conflicts: [RevertConflict]
}
