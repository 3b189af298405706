import Git
import MooringModel

/// Since when production has had values, as one of its releases sees it.
struct ProductionStays {
  /// When production ran what, and where that stands: on the line, or beside it in the order of the release's own commits.
  private var spans: [(since: Timestamp, position: Int?)] = []
  private let standing: ReleaseStandings.Standing
  private var known: [Range<Int>: Timestamp?] = [:]

  init(
    of standing: ReleaseStandings.Standing, _ asides: [ReleaseStandings.Aside],
    _ spans: [(span: ProductionSpan, standing: ReleaseStandings.Standing?)]
  ) {
    self.standing = standing
    var places: [ObjectID: Int] = [:]
    for (offset, aside) in asides.enumerated() { places[aside.commit] = standing.position + offset + 1 }
    self.spans = spans.map { span, other in
      guard let other else { return (span.since, nil) }
      if let tip = other.tip { return (span.since, places[tip]) }
      // Of the line after it a release beside the line knows nothing.
      return (span.since, asides.isEmpty || other.position <= standing.position ? other.position : nil)
    }
  }

  /// Whether production ran what stands after the release on the line.
  var hasLater: Bool {
    standing.tip == nil && spans.contains { $0.position.map { $0 > standing.position } ?? false }
  }

  /// Of each field the first commit of the line after the release that changes it.
  func ends(of changes: some Sequence<HistoricChange>) -> [FieldTable.Key: Int] {
    var ends: [FieldTable.Key: Int] = [:]
    guard standing.tip == nil else { return ends }
    for change in changes where change.position > standing.position {
      for value in change.values where ends[value.key] == nil { ends[value.key] = change.position }
    }
    return ends
  }

  /// When production got what commits from one on, and before another, have: the last time, where it had left in between.
  mutating func beginning(of commits: Range<Int>) -> Timestamp? {
    if let found = known[commits] { return found }
    var beginning: Timestamp?
    var had = false
    for (since, position) in spans {
      let has = position.map(commits.contains) ?? false
      if has, !had { beginning = since }
      had = has
    }
    known[commits] = .some(beginning)
    return beginning
  }
}
