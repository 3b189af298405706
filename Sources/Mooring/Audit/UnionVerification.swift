import Git
import MooringJournal
import MooringModel

/// Verifies the lines that unions took in, and that nobody joined a line to what was made out of it.
///
/// A union is honest where two state directories wrote on the same journal at once. Whoever rewrites a journal, or cuts it off,
/// and then has it united with an honest copy, has the same event on both lines, or events of one state directory on both.
struct UnionVerification {
  let git: Repository
  /// Which commits have which events of the journal's own line.
  private var line: [ObjectID: [Event]] = [:]
  private var places: [Identifier: ObjectID] = [:]
  private var unions: [(commit: ObjectID, event: Event, first: ObjectID, side: ObjectID)] = []
  private(set) var sides: Set<ObjectID> = []
  /// Events of those lines.
  private(set) var events = 0

  init(in git: Repository) { self.git = git }

  /// Takes in a commit of the journal's own line.
  mutating func take(_ commit: ObjectID, _ events: [Event]) throws {
    line[commit] = events
    for event in events {
      places[event.id] = commit
      try noteUnion(commit, event)
    }
  }

  private mutating func noteUnion(_ commit: ObjectID, _ event: Event) throws {
    guard case .union(let union) = event.payload else { return }
    let parents = try git.commit(commit).parents
    // What it says that it took in, and didn't, is told of the commit itself.
    guard parents.count > 1, parents[1].hex == union.other.hex else { return }
    unions.append((commit, event, parents[0], parents[1]))
  }

  /// Goes through all lines that were taken in.
  ///
  /// - Parameter look: What is to be looked at in each of their commits, oldest first.
  mutating func verify(_ look: (ObjectID) async throws -> [Event]) async throws -> [AuditFinding] {
    var findings: [AuditFinding] = []
    var next = unions.startIndex
    // Lines that were taken in may have unions of their own.
    while next < unions.endIndex {
      let union = unions[next]
      next += 1
      var side: [Event] = []
      for commit in try newCommits(of: union) {
        let events = try await look(commit)
        self.events += events.count
        side += events
        for event in events { try noteUnion(commit, event) }
      }
      guard let problem = try problem(with: side, of: union) else { continue }
      findings.append(AuditFinding(.union, commit: union.side.hex, event: problem.event, problem.words))
    }
    return findings
  }

  /// The commits of a side line that no line before it has, oldest first.
  private mutating func newCommits(
    of union: (commit: ObjectID, event: Event, first: ObjectID, side: ObjectID)
  ) throws -> [ObjectID] {
    let members = try Set(git.commitsBetween(union.side, excluding: union.first))
    var commits: [ObjectID] = []
    var next: ObjectID? = union.side
    while let id = next, members.contains(id), line[id] == nil, !sides.contains(id) {
      commits.append(id)
      next = try git.links(of: id).parents.first
    }
    sides.formUnion(commits)
    return commits.reversed()
  }

  private func problem(
    with side: [Event], of union: (commit: ObjectID, event: Event, first: ObjectID, side: ObjectID)
  ) throws -> (event: Event, words: String)? {
    let name = "the union \(union.event.id)"
    if let twice = side.first(where: { places[$0.id] != nil }), let place = places[twice.id] {
      return (
        twice,
        "\(name) took in a line that has this event, too, which commit \(place.hex.prefix(12)) has already: one of the two was rewritten"
      )
    }
    let meanwhile = try git.commitsBetween(union.first, excluding: union.side).compactMap { line[$0] }.joined()
    let writers = Set(meanwhile.map(\.source) + [union.event.source])
    guard let both = side.first(where: { writers.contains($0.source) }) else { return nil }
    return (
      both,
      "\(name) took in a line that \(both.source) wrote at the same time as this journal's own: one of the two was cut off, or brought back"
    )
  }
}
