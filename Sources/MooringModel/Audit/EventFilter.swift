/// Which events of a story are asked for. What isn't said doesn't matter.
public struct EventFilter: Hashable, Sendable {
  /// Part of the name of somebody who had to do with it: who caused it, wrote the commit, changed production.
  public var author: String?
  /// Part of an object's or a resource's name.
  public var resource: String?
  /// A field's path; those below it are meant too.
  public var field: String?
  /// Kinds as the journal names them; `drift` means all that begin with `drift.`.
  public var kinds: Set<String> = []
  /// From this moment on.
  public var since: Timestamp?
  /// Before this moment.
  public var until: Timestamp?
  /// How it ended: `verified`, `failed`, `healed`, `refused`, …
  public var outcome: String?
  /// Part of what the event says as a sentence.
  public var text: String?

  public init() {}

  /// Whether an event is asked for by its kind and its time, which an index knows.
  public func admits(kind: String, at time: Timestamp) -> Bool {
    (kinds.isEmpty || kinds.contains { Self.covers($0, kind) }) && (since.map { time >= $0 } ?? true)
      && (until.map { time < $0 } ?? true)
  }

  /// Whether a kind that was asked for means one of the journal's.
  public static func covers(_ asked: String, _ kind: String) -> Bool { kind == asked || kind.hasPrefix(asked + ".") }

  /// Whether an event is asked for by what it holds.
  ///
  /// - Parameters:
  ///   - sentence: What it says for people.
  ///   - changes: What a release or a deployment changed, of which the event itself holds no list; asked only where that
  ///     decides.
  public func admits(
    _ event: Event, sentence: @autoclosure () -> String, changes: () throws -> [TouchedField] = { [] }
  ) rethrows -> Bool {
    guard admits(kind: event.payload.kind, at: event.time) else { return false }
    if let outcome, event.outcome != outcome { return false }
    if let author, !event.people.contains(where: { Self.holds($0, author) }) { return false }
    if let text, !Self.holds(sentence(), text) { return false }
    guard resource != nil || field != nil else { return true }
    if event.touched.contains(where: touches) { return true }
    return try changes().contains(where: touches)
  }

  private func touches(_ touched: TouchedField) -> Bool {
    if let resource, !touched.names.contains(where: { Self.names($0, resource) }) { return false }
    guard let field else { return true }
    guard let path = touched.field else { return false }
    if path == field || Self.lies(path, below: field) { return true }
    return touched.isWhole && (path.isEmpty || Self.lies(field, below: path))
  }

  private static func lies(_ path: String, below other: String) -> Bool {
    path.hasPrefix(other + ".") || path.hasPrefix(other + "[")
  }

  /// Whether a name has what is asked for in it, also where one of them says the kind's group and the other doesn't:
  /// `certificate.cert-manager.io/shop/web`, `Certificate/shop/web`.
  private static func names(_ name: String, _ asked: String) -> Bool {
    holds(name, asked) || holds(withoutGroup(name), withoutGroup(asked))
  }

  private static func withoutGroup(_ name: String) -> String {
    guard let slash = name.firstIndex(of: "/"), name[..<slash].count(where: { $0 == "." }) > 1 else { return name }
    return String(name[..<slash].prefix { $0 != "." }) + name[slash...]
  }

  private static func holds(_ text: String, _ part: String) -> Bool {
    text.lowercased().contains(part.lowercased())
  }
}

/// Something that an event is about: an object under its names, and a field of it where one is known.
public struct TouchedField: Hashable, Sendable {
  /// The object of the target, the file, the resource.
  public var names: [String]
  public var field: String?
  /// Whether the field came or went with all below it.
  public var isWhole: Bool

  public init(_ names: [String], field: String? = nil, isWhole: Bool = false) {
    self.names = names
    self.field = field
    self.isWhole = isWhole
  }
}
