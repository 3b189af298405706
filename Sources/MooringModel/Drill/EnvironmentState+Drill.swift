extension EnvironmentState {
  /// The release that a drill would go back to; `nil` where that isn't one that ran here and held its gates.
  package func target(of request: DrillRequest) -> DeployedRelease? {
    guard let number = request.to else { return previous }
    return verified.last {
      ($0.release.number ?? $0.release.restores) == number && $0.release.digest != deployed?.release.digest
        && quarantine.entry(blocking: $0.release.digest) == nil
    }
  }

  mutating func apply(_ started: DrillStarted, by initiator: Initiator, at time: Timestamp) {
    guard let deployed else { return }
    drill = DrillInFlight(started: started, initiator: initiator, at: time, home: deployed)
  }

  mutating func apply(_ finished: DrillFinished, at time: Timestamp) {
    guard let flight = drill, flight.started.drill == finished.drill else { return }
    drill = nil
    let past = PastDrill(started: flight.started, finished: finished, initiator: flight.initiator, at: time)
    lastDrill = past
    if past.isVerified {
      rehearsed = past
    } else if finished.outcome == .failed, rehearsed?.started.from.digest == past.started.from.digest {
      // What was proved of this release isn't true any more.
      rehearsed = nil
    }
  }

  /// A deployment of a drill is in no trail: what ran before the drill is what one goes back to after it.
  mutating func endLeg(_ flight: DeploymentInFlight, _ finished: DeploymentFinished, at time: Timestamp) {
    let release = numbered(flight.started.release)
    if finished.live == release.digest {
      overtakeDrifts(at: time)
      let isHome = flight.started.trigger.isReturn
      // Nobody has said that what ran before doesn't hold, unless its gates have just failed.
      let verified = isHome ? finished.outcome != .failed : finished.outcome == .verified
      deployed = DeployedRelease(
        release: release, since: time, verified: verified, began: isHome ? drill?.home.began : flight.at)
    }
    guard flight.started.trigger.drill == drill?.started.drill, !flight.started.trigger.isReturn else { return }
    drill?.away = finished
    drill?.awayAt = time
  }
}
