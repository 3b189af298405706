/// One line of the time of a file, a resource or a field: what a commit made of it, or a hand.
public struct HistoryEntry: Hashable, Sendable, Encodable {
  /// `commit` or `hand`.
  public var kind: Kind
  /// When the commit joined the branch by its own clock, or the hand did it.
  public var time: Timestamp
  /// The commit of the branch's own line that took it in.
  public var commit: HistoricCommit?
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
  public static func join(
    _ commits: consuming [HistoryEntry], at positions: [Int], _ hands: [HistoryEntry], _ spans: [Span]
  ) -> [HistoryEntry] {
    for span in spans {
      guard let position = span.position, let place = Self.place(of: position, positions) else { continue }
      commits[place].stay(span.span)
    }
    guard !hands.isEmpty else { return commits }
    var entries: [HistoryEntry] = []
    var hands = hands[...]
    for (entry, moment) in zip(commits, moments(of: commits)) {
      while let hand = hands.first, hand.time < moment {
        entries.append(hand)
        hands.removeFirst()
      }
      entries.append(entry)
    }
    return entries + hands
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
  fileprivate mutating func stay(_ span: ProductionSpan) {
    if let last = production.last, last.until == span.since {
      production[production.count - 1].until = span.until
    } else {
      production.append(Stay(since: span.since, until: span.until, release: span.release.label))
    }
  }
}
