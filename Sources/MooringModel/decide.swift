/// What follows from a fact, for an environment in a state, under its policy.
///
/// Pure: the same arguments give the same decision. The caller records the events durably before it carries the effects
/// out, and feeds what comes of them back as facts.
public func decide(
  _ state: EnvironmentState, _ fact: Fact, under policy: Policy, as source: String, at now: Timestamp
) -> Decision {
  var deciding = Deciding(state: state, policy: policy, source: source, now: now)
  deciding.take(fact)
  return deciding.decision
}

/// A decision in the making: the state as the events recorded so far will leave it.
struct Deciding {
  var state: EnvironmentState
  let policy: Policy
  let source: String
  let now: Timestamp
  var decision = Decision()

  mutating func record(_ payload: Event.Payload, by initiator: Initiator = .watcher) {
    decision.events.append(EventDraft(payload, by: initiator))
    state.apply(payload, by: initiator, from: source, at: now)
  }

  mutating func perform(_ effect: Effect) { decision.effects.append(effect) }

  mutating func take(_ fact: Fact) {
    switch fact {
    case .head(let report): head(report)
    case .planned(let planned): begin(planned)
    case .notPlanned(let release, let trigger, let fault): notPlanned(release, trigger, fault)
    case .carriedOut(let id, let failure, let live, let programs, let reached):
      carriedOut(id, failure, live: live, programs, reached)
    case .gates(let id, let verdict, let programs, let reached): gates(id, verdict, programs, reached)
    case .reverted(let made): reverted(made)
    case .notReverted(let request, let id, let fault): notReverted(request, id, fault)
    case .pushed(let pushed): self.pushed(pushed)
    case .notPushed(let owed): notPushed(owed)
    case .heard(let news): heard(news)
    case .settled(let requests): settled(requests)
    case .replayConflict(let fault): replayConflict(fault)
    case .looked(let look): looked(look)
    case .recorded(let look): _ = record(look)
    case .inspected(let request, let id): inspected(request, id)
    case .adopted(let made): adopted(made)
    case .asked(let request, let initiator): asked(request, by: initiator)
    case .takenUp: takeUp()
    }
  }

  /// Goes on with whatever an earlier run of the program left unfinished.
  private mutating func takeUp() {
    if let drill = state.drill { return takeUpDrill(drill) }
    if let flight = state.inFlight, flight.started.trigger == .heal {
      let objects = state.drifts.filter { (flight.started.drifts ?? []).contains($0.value.id) }
      perform(
        .heal(
          HealRequest(
            Set(objects.keys), fields: flight.started.fields ?? [:], by: flight.initiator,
            resuming: flight.started.deployment)))
    } else if let flight = state.inFlight {
      let started = flight.started
      perform(.plan(started.release, started.trigger, flight.initiator, resuming: started.deployment))
    } else if let rollback = state.rollback, rollback.deployment == nil {
      perform(.plan(rollback.started.to, .rollback(rollback.started.rollback), rollback.initiator, resuming: nil))
    } else if state.rollback == nil {
      restoreIfFailed()
    } else {
      completeRollback()
    }
    if let rollback = state.rollback, rollback.pushed == nil { perform(.push) }
  }

  private mutating func asked(_ request: Request, by initiator: Initiator) {
    switch request {
    case .sync(let sync):
      if state.isHeld && !sync.despiteHold {
        perform(.refuse(heldFault))
      } else {
        perform(.fetch(sync))
      }
    case .rollback(let request): perform(.revert(request))
    case .drill(let request): askedToDrill(request)
    case .hold(let reason): record(.hold(Hold(cause: .person, reason: reason)), by: initiator)
    case .resume(let reason):
      if state.isHeld {
        record(.resume(Resume(reason: reason)), by: initiator)
      } else {
        perform(.refuse(Fault(.state, "nothing is held")))
      }
    case .takeover: record(.takeover(Takeover(from: state.owner)), by: initiator)
    case .liftQuarantine(let digest, let reason):
      if state.quarantine.entry(blocking: digest) == nil {
        perform(.refuse(Fault(.notFound, "nothing of this digest is in quarantine")))
      } else {
        lift(digest, for: reason, by: initiator)
      }
    case .note(let text, let incident): record(.note(Note(text: text, incident: incident)), by: initiator)
    case .verdict(let given):
      // Somebody else may have said it meanwhile.
      if state.unjudged?.rollback == given.rollback { record(.verdict(given), by: initiator) }
    case .artifacts(let artifacts): record(.artifacts(artifacts), by: initiator)
    case .alert(let message):
      record(.alert(Alert(message: message)), by: initiator)
      perform(.alert(message))
    case .anchor(let anchored): record(.anchored(anchored), by: initiator)
    case .acknowledge(let known): record(.acknowledged(known), by: initiator)
    case .unattended(let window): record(.unattended(window), by: initiator)
    case .look(let request): perform(.look(request))
    case .heal(let request): askedToHeal(request)
    case .adopt(let request): perform(.adopt(request))
    case .ignore(let ignored): askedToIgnore(ignored, by: initiator)
    }
  }

  var heldFault: Fault {
    let reasons = state.holds.map { "\($0.hold.reason) (by \($0.initiator.name), \($0.since))" }
    return Fault(
      .held, "held: \(reasons.joined(separator: "; "))",
      remedy: "lift the hold with `mooring resume`, or deploy all the same with `--despite-hold`")
  }
}
