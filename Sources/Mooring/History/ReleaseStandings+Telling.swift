import MooringJournal
import MooringModel

extension ReleaseStandings {
  /// What commits beside the line did of which production ran any, each with its time in production; and the spans of the
  /// line itself.
  ///
  /// - Parameter field: What is asked for, where that isn't everything.
  func told(
    _ spans: [(span: ProductionSpan, standing: Standing?)], about field: String?,
    _ mark: (Int, Revision) -> ReleaseIndex.Mark?
  ) throws -> (aside: [(position: Int, entry: HistoryEntry)], line: [HistoryTimeline.Span]) {
    var entries: [(position: Int, entry: HistoryEntry)] = []
    var told: [Revision: Int] = [:]
    let changes = asides.isEmpty ? nil : try AsideChanges(of: history, subject)
    for aside in asides {
      guard let (change, commit) = try changes?.change(aside) else { continue }
      let mark = mark(.max, commit.revision)
      var whole = HistoryEntry(
        CommittedChange(change, by: commit), release: mark?.number, signature: mark?.signature)
      whole.offBranch = true
      guard let entry = field.map({ whole.about($0) }) ?? whole else { continue }
      told[commit.revision] = entries.count
      entries.append((aside.position, entry))
    }
    var line: [HistoryTimeline.Span] = []
    for (span, standing) in spans {
      var aside = standing?.tip.flatMap(self.aside(of:))
      while let found = aside, try told[found.commit.content] == nil { aside = found.before.flatMap(self.aside(of:)) }
      if let place = try aside.flatMap({ try told[$0.commit.content] }) {
        entries[place].entry.stay(span)
        line.append(HistoryTimeline.Span(span, position: nil))
      } else {
        line.append(HistoryTimeline.Span(span, position: standing?.position))
      }
    }
    return (entries, line)
  }
}
