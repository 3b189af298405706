public import Documents

/// What follows when production is changed by hand.
public struct DriftPolicy: Sendable, Hashable {
  public enum Action: String, Sendable, Hashable, CaseIterable {
    /// It is recorded, and people are told.
    case alert
    /// Besides, it is put back.
    case heal
  }

  /// What a deployment does about changes in its way.
  public enum InTheWay: String, Sendable, Hashable, CaseIterable {
    /// It isn't begun until they are healed, adopted or ignored.
    case stop
    /// It goes over them, after they were recorded.
    case overwrite
  }

  /// Another action for some objects.
  public struct Rule: Sendable, Hashable {
    public var pattern: PathPattern
    public var action: Action

    public init(pattern: PathPattern, action: Action) {
      self.pattern = pattern
      self.action = action
    }
  }

  public var onDetect: Action
  /// The last rule that matches an object says what is done about it.
  public var rules: [Rule]
  public var inTheWay: InTheWay
  public var look: LookRules
  /// Fields whose values are nobody's business.
  public var ignoredFields: [IgnoredField]
  /// How long an object must be left alone before it is looked at; twice this at most after the first change.
  public var settle: Duration
  /// How often everything is looked at, whatever the events say.
  public var scan: Duration

  public init(
    onDetect: Action = .alert, rules: [Rule] = [], inTheWay: InTheWay = .stop, look: LookRules = LookRules(),
    ignoredFields: [IgnoredField] = [], settle: Duration = .milliseconds(250), scan: Duration = .seconds(600)
  ) {
    self.onDetect = onDetect
    self.rules = rules
    self.inTheWay = inTheWay
    self.look = look
    self.ignoredFields = ignoredFields
    self.settle = settle
    self.scan = scan
  }

  public func action(for object: ObjectName) -> Action {
    let path = object.releaseComponents
    return rules.last { $0.pattern.matches(path, isFolder: false) }?.action ?? onDetect
  }
}

/// A field of some objects that Mooring says nothing about.
public struct IgnoredField: Sendable, Hashable {
  public var pattern: PathPattern
  /// This field and those below it; or `mode`, `owner`.
  public var field: FieldPath

  public init(pattern: PathPattern, field: FieldPath) {
    self.pattern = pattern
    self.field = field
  }

  /// Reads `app/*.yaml:worker.pool.size`: a pattern, a colon, a field's path.
  ///
  /// - Returns: `nil` where there is no colon.
  /// - Throws: `Fault` at `place`.
  public init?(_ text: String, at place: String) throws(Fault) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    pattern = try PathPattern(text[..<colon], at: place)
    do {
      field = try FieldPath(parsing: String(text[text.index(after: colon)...]))
    } catch {
      throw Fault(
        .configuration, "not a field's path: \(error)", at: place, remedy: "write it as in `app.yaml:pool.size`")
    }
  }

  public func matches(_ object: ObjectName, _ field: FieldPath) -> Bool {
    field.isInside(self.field) && pattern.matches(object.releaseComponents, isFolder: false)
  }
}

extension ObjectName {
  /// What lies in a release's folder has the name of the link that leads there before its own.
  public static let currentPrefix = "current/"

  /// The path as the release has it: without `current/`.
  public var releasePath: String {
    string.hasPrefix(Self.currentPrefix) ? String(string.dropFirst(Self.currentPrefix.count)) : string
  }

  public var releaseComponents: [[UInt8]] { ObjectName(written: releasePath).components }
}
