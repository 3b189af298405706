import MooringModel

/// What one event must know of earlier ones to be told well: which deployment failed, which hold ends.
struct NotificationStory: Sendable, Hashable, Codable {
  /// Failures and holds that are remembered, the latest ones.
  private static let most = 20

  /// The deployment that has begun, and the release that it is for.
  private(set) var deployment: Identifier?
  private(set) var label: String?
  /// The drill that it is a part of: of its deployments nobody needs to be told.
  private(set) var drill: Identifier?
  /// Deployments that failed, while none has been verified since.
  private(set) var failed: [Identifier] = []
  /// The events of holds in force.
  private(set) var holds: [Identifier] = []

  /// The kinds that an event may be told as; none for what nobody needs to be told.
  static func kinds(of payload: Event.Payload) -> Set<Notification.Kind> {
    switch payload {
    case .driftDetected, .driftChanged, .driftResolved, .driftFought: [.drift]
    case .rollbackStarted, .rollbackFinished, .rollbackRehearsed, .revertOwed, .revertPushed, .revertProposed,
      .revertDeclined, .verdict:
      [.rollback]
    case .requestSettled(let settled): settled.problem == nil ? [] : [.rollback]
    case .hold, .resume, .historyRewritten: [.hold]
    case .alert, .quarantineBlocked: [.failure]
    case .drillFinished(let finished): finished.outcome == .verified ? [.release] : [.failure]
    case .release(let release): release.refusal == nil ? [] : [.failure]
    case .deploymentFinished(let finished):
      switch finished.outcome {
      case .verified: [.release, .failure]
      case .failed: [.failure]
      case .superseded, .interrupted: []
      }
    default: []
    }
  }

  /// Whether an event is remembered, also where nobody is told of it.
  static func isRemembered(_ payload: Event.Payload) -> Bool {
    switch payload {
    case .deploymentStarted, .deploymentFinished, .hold, .resume: true
    default: false
    }
  }

  /// Takes an event in, and says what is to be told of it to somebody who asked for `kinds`.
  mutating func tell(_ event: Event, to kinds: Set<Notification.Kind>) -> Notification? {
    let notification = notification(of: event)
    remember(event)
    guard let notification else { return nil }
    if kinds.contains(notification.kind) { return notification }
    // A deployment that makes good a failure is also just a release.
    guard case .deploymentFinished(let finished) = event.payload, finished.outcome == .verified,
      kinds.contains(.release)
    else { return nil }
    var release = notification
    release.kind = .release
    return release
  }

  private func notification(of event: Event) -> Notification? {
    switch event.payload {
    case .driftDetected, .driftChanged, .driftResolved, .driftFought: DriftNotification.of(event)
    case .rollbackStarted, .rollbackFinished, .rollbackRehearsed, .revertOwed, .revertPushed, .revertProposed,
      .revertDeclined, .verdict, .requestSettled:
      RollbackNotification.of(event)
    case .deploymentFinished(let finished): deployment(event, finished)
    case .release(let release) where release.refusal != nil:
      Notification(event, .failure, .warning, "\(release.number) is refused: \(release.refusal ?? "")")
        .detailed(["\(release.summary) (\(release.author))"])
    case .alert(let alert): Notification(event, .failure, .warning, alert.message)
    case .quarantineBlocked(let blocked):
      Notification(event, .failure, .warning, blocked.reason)
        .detailed([blocked.message(in: event.environment.string)])
    case .drillFinished(let finished): Self.drilled(event, finished)
    case .hold(let hold):
      Notification(event, .hold, hold.cause == .person ? .info : .warning).about([event.id])
    case .resume: Notification(event, .hold, .info).resolving(holds)
    case .historyRewritten: Notification(event, .hold, .warning)
    default: nil
    }
  }

  private func deployment(_ event: Event, _ finished: DeploymentFinished) -> Notification? {
    if finished.deployment == deployment, drill != nil { return nil }
    let name = (finished.deployment == deployment ? label : nil) ?? "a release"
    switch finished.outcome {
    case .failed:
      let title = "deployment of \(name) failed: \(finished.detail ?? "no detail")"
      return Notification(event, .failure, .critical, title).about([finished.deployment])
    case .verified:
      let title = failed.isEmpty ? "\(name) is deployed and verified" : "\(name) is verified, after a failed deployment"
      return Notification(event, failed.isEmpty ? .release : .failure, .info, title).about([finished.deployment])
        .resolving(failed)
    case .superseded, .interrupted: return nil
    }
  }

  private static func drilled(_ event: Event, _ finished: DrillFinished) -> Notification {
    if finished.outcome == .verified { return Notification(event, .release, .info).about([finished.drill]) }
    let isGrave = finished.outcome == .failed || !finished.returned
    return Notification(event, .failure, isGrave ? .critical : .warning).about([finished.drill])
  }

  private mutating func remember(_ event: Event) {
    switch event.payload {
    case .deploymentStarted(let started):
      (deployment, label, drill) = (started.deployment, started.release.label, started.trigger.drill)
    case .deploymentFinished(let finished) where finished.deployment == deployment && drill != nil: break
    case .deploymentFinished(let finished):
      if finished.outcome == .verified { failed = [] }
      if finished.outcome == .failed { failed = (failed + [finished.deployment]).suffix(Self.most) }
    case .hold: holds = (holds + [event.id]).suffix(Self.most)
    case .resume: holds = []
    default: break
    }
  }
}
