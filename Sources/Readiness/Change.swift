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
    public let base: [MigrationFile]
    public let head: [MigrationFile]
    let review: MigrationReview

    public init(base: [MigrationFile], head: [MigrationFile]) {
      self.base = base
      self.head = head
      review = MigrationReview(from: base, to: head)
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

  /// What a program makes of the inputs.
  public enum Rendering: Sendable, Hashable {
    /// Files of the release that differ.
    case made([File])
    /// They make no release, and why.
    case refused(String)
    /// Nobody could say, and why.
    case unknown(String)
  }

  /// A field, or a file, that was changed again since.
  public struct Obstacle: Sendable, Hashable {
    public var file: String
    public var field: String?
    public var why: String

    public init(file: String, field: String?, why: String) {
      self.file = file
      self.field = field
      self.why = why
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
  /// What the inputs become; `nil` where nobody rendered them.
  public var rendering: Rendering?
  /// Why undoing the change meets something that came after it.
  public var obstacles: [Obstacle] = []
  /// Why nothing proves that there is a backup before what the change destroys.
  public var backupProblem: String?

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
}
