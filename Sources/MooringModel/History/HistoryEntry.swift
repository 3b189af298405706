/// One line of the time of a file, a resource or a field: what a commit made of it, or a hand.
public struct HistoryEntry: Hashable, Sendable, Encodable {
  /// `commit` or `hand`.
  public var kind: Kind
  /// When the commit joined the branch by its own clock, or the hand did it.
  public var time: Timestamp
  /// The commit of the branch's own line that took it in.
  public var commit: HistoricCommit?
  /// `true` where the commit isn't on the branch: that was rewritten since, or it is a revert that is owed. It is told because
  /// production ran it, or what stands on it.
  public var offBranch: Bool?
  /// The release that the commit made, and who signed that, where somebody asked.
  public var release: String?
  public var signature: ReleaseSignature?
  /// The file that holds it, and where it was before, where it moved.
  public var file: String?
  public var movedFrom: String?
  public var values: [HistoricValue]
  /// Of values that were written on a branch and merged: the commits that did, by the values' `writer`.
  public var writers: [HistoricCommit]?
  /// Why it can't be read there.
  public var problem: String?
  public var isRemoval: Bool
  /// When production had this, oldest first.
  public var production: [Stay]
  public var hand: Hand?

  public enum Kind: String, Hashable, Sendable, Encodable { case commit, hand }

  /// A time in production.
  public struct Stay: Hashable, Sendable, Encodable {
    public var since: Timestamp
    public var until: Timestamp?
    /// The release that brought it there.
    public var release: String
  }

  /// A change by hand.
  public struct Hand: Hashable, Sendable, Encodable {
    public var drift: String
    public var object: String
    public var kind: String
    public var by: Attribution?
    public var lines: [String]
    /// Fields or lines that the journal doesn't list.
    public var more: Int
    /// When the same object was changed again, before it was settled.
    public var changedAgain: Timestamp?
    public var ended: End?

    public struct End: Hashable, Sendable, Encodable {
      public var how: DriftResolved.How
      public var at: Timestamp
      public var by: String
      public var commit: Revision?
    }

    public init(_ change: HandChange) {
      drift = change.id.string
      object = change.object.string
      kind = change.kind.rawValue
      by = change.attribution
      lines = change.lines
      more = change.more
      changedAgain = change.changedAgain
      ended = change.ended.map { End(how: $0.how, at: $0.at, by: $0.by.description, commit: $0.commit) }
    }
  }

  public init(_ made: CommittedChange, release: ReleaseNumber?, signature: ReleaseSignature?) {
    let change = made.change
    kind = .commit
    time = made.commit.committed
    commit = made.commit
    writers = made.writers.isEmpty ? nil : made.writers
    self.release = release?.description
    self.signature = signature
    file = change.file
    movedFrom = change.movedFrom
    values = change.values
    problem = change.problem
    isRemoval = change.isRemoval
    production = []
  }

  public init(_ change: HandChange, values: [HistoricValue]) {
    kind = .hand
    time = change.at
    self.values = values
    isRemoval = change.kind == .removed
    production = []
    hand = Hand(change)
  }
}

/// Puts what Git and hands did to one thing on one line of time.
public struct HistoryTimeline: Sendable {
  /// A time in production, and where its release stands on the line; `nil` where that isn't known.
  public struct Span: Sendable {
    public var span: ProductionSpan
    public var position: Int?

    public init(_ span: ProductionSpan, position: Int?) {
      self.span = span
      self.position = position
    }
  }

  /// - Parameters:
  ///   - commits: In the order of the line.
  ///   - positions: Where each of them stands on it.
  ///   - hands: Oldest first.
  ///   - asides: Commits beside the line, with their times in production and the position where each left it.
  public static func join(
    _ commits: consuming [HistoryEntry], at positions: [Int], _ hands: [HistoryEntry], _ spans: [Span],
    asides: [(position: Int, entry: HistoryEntry)] = []
  ) -> [HistoryEntry] {
    for span in spans {
      guard let position = span.position, let place = Self.place(of: position, positions) else { continue }
      commits[place].stay(span.span)
    }
    guard !hands.isEmpty || !asides.isEmpty else { return commits }
    let moments = moments(of: commits)
    var entries: [HistoryEntry] = []
    var others = others(hands, asides) { Self.place(of: $0, positions).map { moments[$0] } }[...]
    for (entry, moment) in zip(commits, moments) {
      while let other = others.first, other.moment < moment {
        entries.append(other.entry)
        others.removeFirst()
      }
      entries.append(entry)
    }
    return entries + others.map(\.entry)
  }

  /// What isn't on the line, in the order in which it counts as having happened: a commit not before the one that it left the
  /// line at, nor before another that was beside the line earlier.
  private static func others(
    _ hands: [HistoryEntry], _ asides: [(position: Int, entry: HistoryEntry)], _ moment: (Int) -> Timestamp?
  ) -> [(moment: Timestamp, entry: HistoryEntry)] {
    var others = hands.map { (moment: $0.time, entry: $0) }
    guard !asides.isEmpty else { return others }
    var latest = Timestamp(milliseconds: .min)
    for aside in asides {
      latest = max(latest, aside.entry.production.first?.since ?? aside.entry.time, moment(aside.position) ?? latest)
      others.append((moment: latest, entry: aside.entry))
    }
    let order = others.enumerated().sorted { ($0.element.moment, $0.offset) < ($1.element.moment, $1.offset) }
    return order.map(\.element)
  }

  /// When each commit counts as having happened among what hands did: when it reached production, and otherwise when it was
  /// made, but never after a later one that did, nor before an earlier one, whatever clocks said.
  private static func moments(of entries: [HistoryEntry]) -> [Timestamp] {
    var moments: [Timestamp] = []
    var bound = Timestamp(milliseconds: .max)
    for entry in entries.reversed() {
      bound = min(bound, entry.production.first?.since ?? entry.time)
      moments.append(entry.production.first?.since ?? bound)
    }
    var latest = Timestamp(milliseconds: .min)
    return moments.reversed().map { moment in
      latest = max(latest, moment)
      return latest
    }
  }

  /// The last commit that isn't after a position.
  private static func place(of position: Int, _ positions: [Int]) -> Int? {
    var low = 0
    var high = positions.count
    while low < high {
      let middle = (low + high) / 2
      if positions[middle] <= position { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}

extension HistoryEntry {
  /// Adds a time in production.
  public mutating func stay(_ span: ProductionSpan) {
    if let last = production.last, last.until == span.since {
      production[production.count - 1].until = span.until
    } else {
      production.append(Stay(since: span.since, until: span.until, release: span.release.label))
    }
  }
}
