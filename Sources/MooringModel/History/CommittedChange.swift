/// A change with what history shows of who made it.
public struct CommittedChange: Hashable, Sendable {
  public var change: HistoricChange
  /// The commit of the line.
  public var commit: HistoricCommit
  /// The commits on merged branches that wrote values of it, each once, in the order of the values.
  public var writers: [HistoricCommit]

  public init(_ change: HistoricChange, by commit: HistoricCommit, writers: [HistoricCommit] = []) {
    self.change = change
    self.commit = commit
    self.writers = writers
  }
}
