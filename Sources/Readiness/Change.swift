public import Migrations

/// What a change does to an environment's inputs, as values: what rules look at.
public struct Change: Sendable {
  /// A file that differs; `nil` where a side doesn't have it.
  public struct File: Sendable, Hashable {
    public var path: String
    public var base: [UInt8]?
    public var head: [UInt8]?

    public init(path: String, base: [UInt8]?, head: [UInt8]?) {
      self.path = path
      self.base = base
      self.head = head
    }
  }

  /// A folder of migrations, on both sides.
  public struct Migrating: Sendable, Hashable {
    public var base: [MigrationFile]
    public var head: [MigrationFile]

    public init(base: [MigrationFile], head: [MigrationFile]) {
      self.base = base
      self.head = head
    }
  }

  /// Code of a release that ran.
  public struct Application: Sendable {
    /// How a person calls it: `the release before`, `v41`.
    public var label: String
    public var files: [MigrationFile]

    public init(label: String, files: [MigrationFile]) {
      self.label = label
      self.files = files
    }
  }

  /// Inputs that differ, without migrations.
  public var files: [File]
  public var migrating: [Migrating]
  /// The one that runs, and then earlier ones; empty where nobody looked.
  public var applications: [Application]
  /// Of `unused since` in new migrations: what it names, and whether that is in what runs now.
  public var declared: [String: Bool]
  /// Names of images that a kustomization gives another tag.
  public var replacedImages: Set<String>
  /// Whether a new migration takes something away that a release may need.
  public var takesAway: Bool { MigrationRules(change: self).findings.contains { Self.contractions.contains($0.rule) } }

  /// What in it a release from before can't live with.
  public var breaking: [Finding] { migrationFindings(\.breaksEarlierRelease) }

  /// What in it takes something away that going back doesn't bring back.
  public var destroying: [Finding] { migrationFindings(\.destroys) }

  private func migrationFindings(_ isMeant: (Hazard.Kind) -> Bool) -> [Finding] {
    let rules = Set(Hazard.Kind.allCases.filter(isMeant).compactMap { Rule(rawValue: $0.rawValue) })
    return MigrationRules(change: self).findings.filter { rules.contains($0.rule) }
  }

  private static let contractions = Set(
    Hazard.Kind.allCases.filter(\.isContraction).compactMap { Rule(rawValue: $0.rawValue) })

  /// Files whose findings would be those of the base as well are left out, so that a change answers for itself alone.
  public init(
    files: [File] = [], migrating: [Migrating] = [], applications: [Application] = [], declared: [String: Bool] = [:],
    replacedImages: Set<String> = []
  ) {
    self.files = files
    self.migrating = migrating
    self.applications = applications
    self.declared = declared
    self.replacedImages = replacedImages
  }

  /// Everything that the rules find in it.
  ///
  /// - Parameter policy: Whose thresholds hold; its severities and waivers come later.
  public func findings(_ policy: ReadinessPolicy = ReadinessPolicy()) -> [Finding] {
    MigrationRules(change: self).findings
      + files.flatMap { ImageRules(replaced: replacedImages).findings(in: $0) }
      + ImmutableFieldRules(change: self).findings + InterfaceRules(change: self).findings
      + RenamedKeyRules(change: self).findings
      + MixedChangeRules(change: self, thresholds: policy.thresholds).findings
  }
}
