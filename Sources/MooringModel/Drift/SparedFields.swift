public import Documents

/// What of an environment's objects isn't ours by somebody's word: nothing is said of it, and nothing that is written to
/// a target of objects goes over it.
public struct SparedFields: Sendable, Hashable {
  /// What the configuration says of fields.
  public var rules: [IgnoredField]
  /// What people have said, as far as it is in force.
  public var ignores: [DriftIgnored]
  /// What the configuration and the release say of whole objects.
  public var look: LookRules

  public init(rules: [IgnoredField] = [], ignores: [DriftIgnored] = [], look: LookRules = LookRules()) {
    self.rules = rules
    self.ignores = ignores
    self.look = look
  }

  /// The fields of an object that aren't ours, each with those below it.
  public func fields(of object: ObjectName) -> [FieldPath] {
    if rules.isEmpty && ignores.isEmpty { return [] }
    let path = object.releaseComponents
    let ruled = rules.filter { $0.pattern.matches(path, isFolder: false) }.map(\.field)
    let said = ignores.filter { $0.object == object }.compactMap { $0.field.flatMap { try? FieldPath(parsing: $0) } }
    return ruled + said
  }

  /// Whether nothing at all is said of an object.
  public func isWhole(_ object: ObjectName) -> Bool {
    if ignores.contains(where: { $0.field == nil && object.isInside($0.object) }) { return true }
    return !look.ignored.isEmpty && look.ignore(object.components, isFolder: false, isOurs: true)
  }
}
