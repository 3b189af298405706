/// A time in which production ran one release.
public struct ProductionSpan: Hashable, Sendable {
  public var release: ReleaseReference
  public var since: Timestamp
  /// `nil` while it runs.
  public var until: Timestamp?

  public init(release: ReleaseReference, since: Timestamp, until: Timestamp? = nil) {
    self.release = release
    self.since = since
    self.until = until
  }

  /// All of them, oldest first, as the deployments of a journal tell them.
  public static func all(of events: some Sequence<Event>) -> [ProductionSpan] {
    var state = EnvironmentState()
    var spans: [ProductionSpan] = []
    for event in events {
      switch event.payload {
      case .deploymentStarted, .deploymentFinished, .release, .revertPushed, .catalogue: break
      default: continue
      }
      state.apply(event)
      guard let deployed = state.deployed else { continue }
      guard spans.last?.release.digest == deployed.release.digest else {
        let since = max(event.reached, spans.last?.since ?? event.reached)
        if !spans.isEmpty { spans[spans.count - 1].until = since }
        spans.append(ProductionSpan(release: deployed.release, since: since))
        continue
      }
      // A restored release under the revision and number that its revert got meanwhile is the same run of it, and so is
      // one whose commit changed nothing in production.
      spans[spans.count - 1].release = deployed.release
    }
    return spans
  }
}

extension Event {
  /// When production had what the event tells the end of: gates are asked after that.
  public var reached: Timestamp {
    if case .deploymentFinished(let finished) = payload { finished.reached ?? time } else { time }
  }
}
