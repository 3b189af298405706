extension Incident {
  /// Lines that a timeline has at most, and how long before the rollback it begins at the earliest, except for the
  /// bad release's own deployment.
  static let (mostEntries, longestBefore) = (300, Duration.seconds(24 * 3600))

  /// Reads a journal.
  ///
  /// - Parameters:
  ///   - id: The rollback's identifier, or its last characters; `nil` for the newest one.
  ///   - events: Oldest first.
  ///   - state: How things stand now.
  ///   - sentence: An event in words.
  /// - Throws: `Fault` where there is no such rollback.
  public init(
    _ id: String?, in events: [Event], of environment: EnvironmentName, standing state: EnvironmentState,
    telling sentence: (Event) -> String
  ) throws {
    let (place, started) = try Self.find(id, in: events, environment)
    let event = events[place]
    let story = IncidentStory(events, of: started, at: place)
    self.environment = environment.string
    self.id = started.rollback.string
    (automatic, by, reason) = (started.automatic, event.initiator.name, started.reason)
    (from, to, undone) = (started.from, started.to, started.undone)
    (revert, ranBefore) = (story.landed ?? started.revert?.commit, started.ranBefore)
    began = story.began
    (detected, detectedBy) = story.detection
    restored = story.restored
    (outcome, pushed, detail) = (story.finished?.outcome.rawValue, story.finished?.pushed, story.finished?.detail)
    verdict = story.verdict
    let told = story.events
    timeline = told.prefix(Self.mostEntries).map { event in
      Entry(
        at: event.time, by: event.initiator.name, door: event.initiator.door, kind: event.payload.kind,
        what: sentence(event))
    }
    more = told.count - timeline.count
    (deployments, gates, notes) = (story.deployments, story.gates, story.notes)
    people = Set(told.filter { $0.initiator.kind == .person }.map(\.initiator.name)).sorted()
    asOf = events.last?.time ?? event.time
    followUps = []
    followUps = IncidentFollowUps(self, state).all
  }

  private static func find(
    _ id: String?, in events: [Event], _ environment: EnvironmentName
  ) throws(Fault) -> (Int, RollbackStarted) {
    var found: [(Int, RollbackStarted)] = []
    for (place, event) in events.enumerated() {
      guard case .rollbackStarted(let started) = event.payload else { continue }
      guard let id else { found = [(place, started)]; continue }
      if started.rollback.string == id { return (place, started) }
      if id.count >= 4, started.rollback.string.lowercased().hasSuffix(id.lowercased()) {
        found.append((place, started))
      }
    }
    if found.count == 1 { return found[0] }
    guard let id else { throw Fault(.notFound, "\(environment) was never rolled back") }
    throw Fault(
      .notFound,
      "\(found.isEmpty ? "no" : "more than one") incident of \(environment) is \(id.prefix(70).debugDescription)",
      remedy: "`mooring log \(environment) --output json` names rollbacks; their last six characters do")
  }
}
