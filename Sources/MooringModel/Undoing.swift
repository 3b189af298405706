public import Documents

/// Which commits are undone by a three-way merge, and how much of what they changed.
public struct Undoing: Hashable, Sendable {
  /// Commits that are undone in one go: one, or all on the branch from one to another.
  public struct Span: Hashable, Sendable {
    public var newest: Revision
    /// The commit before the oldest one; nil for a single commit, which is undone against a parent of its own.
    public var after: Revision?
    /// Which parent of a merge stays, from 1; nil for the first.
    public var mainline: Int?

    public init(_ newest: Revision, after: Revision? = nil, mainline: Int? = nil) {
      self.newest = newest
      self.after = after
      self.mainline = mainline
    }
  }

  public var spans: [Span]
  public var part: RevertPart
  public var decisions: [RevertDecision]

  public init(_ spans: [Span], part: RevertPart = RevertPart(), decisions: [RevertDecision] = []) {
    self.spans = spans
    self.part = part
    self.decisions = decisions
  }
}

/// What of a commit is undone: everything, some files and folders, one Kubernetes object, one field.
public struct RevertPart: Hashable, Sendable {
  /// Files and folders of the environment's inputs; none for all.
  public var paths: [RelativePath]
  /// `Kind/name` or `Kind/namespace/name`.
  public var resource: String?
  public var field: FieldPath?

  public init(paths: [RelativePath] = [], resource: String? = nil, field: FieldPath? = nil) {
    self.paths = paths
    self.resource = resource
    self.field = field
  }

  /// Whether it names objects or fields, and not only whole files.
  public var isWithinFiles: Bool { resource != nil || field != nil }
}

extension RevertPart: CustomStringConvertible {
  /// In one line; empty for everything.
  public var description: String {
    (paths.map(\.string) + [resource, field?.description].compactMap { $0 }).joined(separator: " ")
  }
}

/// What becomes of a field that was changed again after the commit that is undone.
public struct RevertDecision: Hashable, Sendable {
  public enum Side: String, Sendable, CaseIterable {
    /// What it was before the commit.
    case base
    /// What it is now.
    case current
  }

  public var side: Side
  /// As the table of conflicts names it: a field, `RESOURCE:FIELD`, `FILE:FIELD`, or a file.
  public var field: String

  public init(_ side: Side, _ field: String) {
    self.side = side
    self.field = field
  }
}
