public import Git
public import MooringModel

/// Which part of a story is read, and in what order.
public struct EventQuery: Sendable {
  public var filter: EventFilter
  /// Goes on after this event.
  public var cursor: Identifier?
  public var oldestFirst: Bool
  /// `nil` for all.
  public var limit: Int?

  public init(
    _ filter: EventFilter = EventFilter(), after cursor: Identifier? = nil, oldestFirst: Bool = false,
    limit: Int? = nil
  ) {
    self.filter = filter
    self.cursor = cursor
    self.oldestFirst = oldestFirst
    self.limit = limit
  }
}

/// Some events, and where to go on.
public struct EventPage: Sendable {
  public var events: [Event]
  /// The last event of the page, where more follow; the next page begins after it.
  public var next: Identifier?
}

extension Journal {
  /// Events of an environment that are asked for.
  ///
  /// What is older than the cursor never changes, so pages neither overlap nor leave anything out while the journal grows.
  ///
  /// - Parameters:
  ///   - changes: What a release or a deployment changed; asked only where that decides.
  /// - Throws: `Fault` for a cursor that the journal doesn't have.
  public func page(
    of environment: EnvironmentName, in repository: Repository, _ query: EventQuery,
    changes: (Event) throws -> [TouchedField] = { _ in [] }
  ) throws -> EventPage {
    _ = try head(of: environment, in: repository)
    return try index.page(of: environment, query) { event in
      try query.filter.admits(event, sentence: EventMessage(event).headline) { try changes(event) }
    }
  }
}
