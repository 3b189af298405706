/// Something that a statement does to the release that ran before it, or to what goes back to that release.
public struct Hazard: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
    case unreadable = "sql-unreadable"
    case tableDropped = "table-dropped"
    case tableRenamed = "table-renamed"
    case columnDropped = "column-dropped"
    case columnRenamed = "column-renamed"
    case typeNarrowed = "type-narrowed"
    case valueRequired = "value-required"
    case constraintChecked = "constraint-validated"
    case indexBlocks = "index-blocking"
    case dataDestroyed = "data-destroyed"
    case objectRemoved = "object-removed"
  }

  public var kind: Kind
  /// Of the file, from 1.
  public var line: Int
  /// Which of the text's statements, from 0.
  public var statement: Int
  public var relation: RelationName?
  public var column: String?
  /// What exactly, in one clause.
  public var what: String
}

extension Hazard.Kind {
  /// Whether what it takes away can't be had back from the database itself.
  public var destroys: Bool {
    switch self {
    case .tableDropped, .columnDropped, .typeNarrowed, .dataDestroyed: true
    default: false
    }
  }

  /// Whether it is harmless as soon as no release that may run needs what it takes away.
  public var isContraction: Bool {
    switch self {
    case .tableDropped, .tableRenamed, .columnDropped, .columnRenamed, .valueRequired, .objectRemoved: true
    default: false
    }
  }

  /// Whether a release that was made for the schema before can't work with the one after.
  public var breaksEarlierRelease: Bool { isContraction || self == .typeNarrowed || self == .unreadable }
}

extension Hazard {
  /// Whether queries of an earlier release, known by their text, stop working.
  public func breaks(_ use: QueryUse, after review: SchemaReview) -> Bool {
    guard let relation else { return false }
    switch (kind, column) {
    case (.tableDropped, _), (.tableRenamed, _):
      return use.uses(relation, column: nil) && !review.has(relation, column: nil)
    case (.columnDropped, let column?), (.columnRenamed, let column?):
      return use.uses(relation, column: column) && !review.has(relation, column: column)
    case (.valueRequired, let column?): return use.omits(column, of: relation)
    default: return false
    }
  }
}
