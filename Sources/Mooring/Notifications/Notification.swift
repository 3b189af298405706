import MooringJournal
public import MooringModel

/// What somebody outside is told of one event. It holds no secret value: events hold none.
public struct Notification: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    case drift, rollback, failure, hold, release
  }

  public enum Severity: String, Sendable, Hashable, Codable {
    /// Nothing to do: something ended, or went well.
    case info
    case warning
    /// Somebody should look now.
    case critical
  }

  /// The form of the body that is sent.
  static let schema = 1
  /// Lines that say more than the title.
  static let mostDetails = 10
  /// Characters of a title or of a line.
  static let mostCharacters = 400
  /// Identifiers in `about` and `resolves`.
  static let mostSubjects = 500

  /// The event's own, where one event is told; the same however often it is sent.
  public var id: String
  public var kind: Kind
  /// The event's kind in the journal: `drift.detected`.
  public var event: String
  public var severity: Severity
  public var environment: EnvironmentName
  public var time: Timestamp
  /// Who or what caused it.
  public var by: String
  /// One line of plain text.
  public var title: String
  public var details: [String] = []
  /// Lines that would have been details too.
  public var more = 0
  /// What begins or goes on with this: drifts, a rollback, a deployment, a hold.
  public var about: [String] = []
  /// Of that, what ends with this.
  public var resolves: [String] = []
  /// How many events this stands for, where they were held back.
  public var repeats: Int?

  init(_ event: Event, _ kind: Kind, _ severity: Severity, _ title: String? = nil) {
    id = event.id.string
    self.kind = kind
    self.event = event.payload.kind
    self.severity = severity
    environment = event.environment
    time = event.time
    by = Self.plain(event.initiator.name)
    self.title = Self.plain(title ?? EventMessage(event).headline)
  }

  init(
    id: String, _ kind: Kind, event: String, _ severity: Severity, _ environment: EnvironmentName, at time: Timestamp,
    _ title: String
  ) {
    self.id = id
    self.kind = kind
    self.event = event
    self.severity = severity
    self.environment = environment
    self.time = time
    by = Initiator.watcher.name
    self.title = Self.plain(title)
  }

  func about(_ ids: some Sequence<Identifier>) -> Self {
    var copy = self
    copy.about = ids.prefix(Self.mostSubjects).map(\.string)
    return copy
  }

  func resolving(_ ids: some Sequence<Identifier>) -> Self {
    var copy = self
    copy.resolves = ids.prefix(Self.mostSubjects).map(\.string)
    return copy
  }

  /// With the first of these lines, and a count of the others.
  func detailed(_ lines: [String]) -> Self {
    var copy = self
    copy.details = lines.prefix(Self.mostDetails).map(Self.plain)
    copy.more = max(0, lines.count - Self.mostDetails)
    return copy
  }

  /// One line without anything that steers a terminal or turns text around: names and messages are up to others.
  static func plain(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(2 * mostCharacters) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    let isCut = result.count > mostCharacters || text.unicodeScalars.count > 2 * mostCharacters
    return isCut ? result.prefix(mostCharacters - 1) + "…" : result
  }
}

extension Notification: Encodable {
  enum CodingKeys: String, CodingKey {
    case schema, id, kind, event, severity, environment, time, by, title, details, more, about, resolves, repeats
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(id, forKey: .id)
    try container.encode(kind, forKey: .kind)
    try container.encode(event, forKey: .event)
    try container.encode(severity, forKey: .severity)
    try container.encode(environment, forKey: .environment)
    try container.encode(time, forKey: .time)
    try container.encode(by, forKey: .by)
    try container.encode(title, forKey: .title)
    try container.encode(details, forKey: .details)
    try container.encode(more, forKey: .more)
    try container.encode(about, forKey: .about)
    try container.encode(resolves, forKey: .resolves)
    try container.encodeIfPresent(repeats, forKey: .repeats)
  }
}
