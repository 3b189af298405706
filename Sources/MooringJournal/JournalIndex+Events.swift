import FoundationEssentials
import GRDB
import MooringModel

/// Reading events: first their kinds and times from an index that holds nothing else, then those that may be asked for.
extension JournalIndex {
  /// Events that are read at a time.
  private static let batch = 256

  func page(
    of environment: EnvironmentName, _ query: EventQuery, where admits: (Event) throws -> Bool
  ) throws -> EventPage {
    let limit = query.limit ?? .max
    var page = EventPage(events: [])
    guard limit > 0 else { return page }
    var rest = try positions(of: environment, query)[...]
    while !rest.isEmpty {
      for event in try events(of: environment, at: rest.prefix(Self.batch), oldestFirst: query.oldestFirst)
      where try admits(event) {
        if page.events.count == limit {
          page.next = page.events.last?.id
          return page
        }
        page.events.append(event)
      }
      rest = rest.dropFirst(Self.batch)
    }
    return page
  }

  /// Where the events stand whose kind and time are asked for, in the order that is asked for.
  private func positions(of environment: EnvironmentName, _ query: EventQuery) throws -> [Int] {
    let filter = query.filter
    var conditions = "environment = ?"
    var arguments: StatementArguments = [environment.string]
    if let cursor = query.cursor {
      conditions += " AND position \(query.oldestFirst ? ">" : "<") ?"
      arguments += [try position(of: cursor, environment)]
    }
    if let since = filter.since {
      conditions += " AND time >= ?"
      arguments += [since.milliseconds]
    }
    if let until = filter.until {
      conditions += " AND time < ?"
      arguments += [until.milliseconds]
    }
    if !filter.kinds.isEmpty {
      let kinds = Array(filter.kinds)
      conditions += " AND (" + kinds.map { _ in "kind = ? OR kind LIKE ? ESCAPE '\\'" }.joined(separator: " OR ") + ")"
      for kind in kinds { arguments += [kind, Self.escaped(kind) + ".%"] }
    }
    let sql =
      "SELECT position FROM event INDEXED BY event_facts WHERE \(conditions)"
      + " ORDER BY position \(query.oldestFirst ? "ASC" : "DESC")"
    return try database.read { try Int.fetchAll($0, sql: sql, arguments: arguments) }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
  }

  private func position(of cursor: Identifier, _ environment: EnvironmentName) throws -> Int {
    let found = try database.read { database in
      try Int.fetchOne(
        database, sql: "SELECT position FROM event INDEXED BY event_facts WHERE environment = ? AND id = ?",
        arguments: [environment.string, cursor.string])
    }
    guard let found else {
      throw Fault(
        .usage, "the journal of \(environment) has no event \(cursor)",
        remedy: "name the `next` of an earlier page, or leave --after out")
    }
    return found
  }

  private func events(
    of environment: EnvironmentName, at positions: ArraySlice<Int>, oldestFirst: Bool
  ) throws -> [Event] {
    let places = positions.map { _ in "?" }.joined(separator: ",")
    let texts = try database.read { database in
      try String.fetchAll(
        database,
        sql: "SELECT json FROM event WHERE environment = ? AND position IN (\(places))"
          + " ORDER BY position \(oldestFirst ? "ASC" : "DESC")",
        arguments: [environment.string] + StatementArguments(positions))
    }
    let decoder = JSONDecoder()
    return try texts.map { try decoder.decode(Event.self, from: Data($0.utf8)) }
  }

  /// Events from a place on, oldest first.
  func events(of environment: EnvironmentName, from position: Int, count: Int) throws -> [Event] {
    try events(of: environment, at: Array(position..<position + count)[...], oldestFirst: true)
  }

  /// What production ran at a moment, from no more events than it takes.
  func deployed(at moment: Timestamp, of environment: EnvironmentName) throws -> DeployedRelease? {
    var filter = EventFilter()
    filter.kinds = ["deployment", "release", "revert.pushed"]
    filter.until = Timestamp(milliseconds: moment.milliseconds + 1)
    var positions = try positions(of: environment, EventQuery(filter))
    if let later = try deployment(after: positions.first ?? -1, thatReachedBy: moment, of: environment) {
      filter.until = Timestamp(milliseconds: later.milliseconds + 1)
      positions = try self.positions(of: environment, EventQuery(filter))
    }
    // A deployment's end tells what runs, and its beginning what that is: nearly always both are among the last few.
    for count in [64, 512, 4096] {
      let events = try events(of: environment, at: positions.prefix(count), oldestFirst: true)
      if let deployed = EnvironmentState(replaying: events).deployed { return deployed }
      if positions.count <= count { return nil }
    }
    var state = EnvironmentState()
    for start in stride(from: 0, to: positions.count, by: Self.batch).reversed() {
      for event in try events(of: environment, at: positions[start...].prefix(Self.batch), oldestFirst: true) {
        state.apply(event)
      }
    }
    return state.deployed
  }

  /// When the next deployment ended, where it had switched production over by a moment before that.
  private func deployment(
    after position: Int, thatReachedBy moment: Timestamp, of environment: EnvironmentName
  ) throws -> Timestamp? {
    let next = try database.read { database in
      try Int.fetchOne(
        database,
        sql: "SELECT position FROM event INDEXED BY event_facts WHERE environment = ? AND position > ?"
          + " AND kind = 'deployment.finished' ORDER BY position LIMIT 1", arguments: [environment.string, position])
    }
    guard let next, let event = try events(of: environment, from: next, count: 1).first, event.reached <= moment else {
      return nil
    }
    return event.time
  }
}
