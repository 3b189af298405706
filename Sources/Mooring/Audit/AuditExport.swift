import FoundationEssentials
import Git
import MooringJournal
public import MooringModel

/// The joined record of an environment for a period, as it may be handed to an auditor.
public struct AuditExport: Sendable {
  public var environment: EnvironmentName
  public var period: AuditPeriod
  public var entries: [AuditEntry]
  /// The journal's commit that it was read up to.
  public var head: String
  public var events: Int
  public var at: Timestamp

  /// A JSON object a line, with the environment in each.
  public func lines() throws -> [String] {
    struct Line: Encodable {
      var environment: String
      var entry: AuditEntry

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(environment, forKey: .environment)
        try entry.encode(to: encoder)
      }
      enum CodingKeys: String, CodingKey { case environment }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try entries.map { entry in
      String(decoding: try encoder.encode(Line(environment: environment.string, entry: entry)), as: UTF8.self)
    }
  }

  /// A report for people.
  public var markdown: String {
    let period = "from \(period.since?.description ?? "the beginning") until \(period.until?.description ?? "now")"
    return AuditMarkdown(
      title: "Audit of \(environment)",
      facts: [
        "Period: \(period)", "Made: \(at)", "Journal: \(events) events up to commit \(head)",
        "`mooring audit verify \(environment)` proves that nobody edited it",
      ], entries
    ).text
  }
}

extension EnvironmentContext {
  /// Joins the journal's events with what Git says of the commits that they name, without values of secrets.
  public func audit(_ period: AuditPeriod) throws -> AuditExport {
    guard let head = try head().commit else {
      throw Fault(.notFound, "\(name) has no journal yet", remedy: "`mooring sync \(name)` fetches and deploys")
    }
    // From the beginning: what lies in the period may have begun before it, and ended after.
    let events = try journal.page(of: name, in: repository.git, EventQuery(oldestFirst: true)).events
      .map(cover.covered)
    let commits = try facts(of: events)
    var record = AuditRecord(joining: events, commits: commits)
    if let since = try unwatched(), let last = events.last {
      record.note(unwatchedSince: since, until: time.now(), last)
    }
    let entries = record.entries(in: period)
    return AuditExport(
      environment: name, period: period, entries: entries, head: head.hex, events: events.count,
      at: time.now())
  }

  /// Since when nobody has watched until now; `nil` where somebody does, or where it is for another machine to say.
  private func unwatched() throws -> Timestamp? {
    let state = try head().state
    guard coordination == nil, isOwner(state), let since = LookRecord(of: name, in: self.state).last ?? state.lastEvent,
      time.now() - since > DriftWatch.heartbeat * 2
    else { return nil }
    return since
  }

  private func facts(of events: [Event]) throws -> [Revision: CommitFacts] {
    var facts: [Revision: CommitFacts] = [:]
    for event in events {
      guard case .release(let release) = event.payload, facts[release.revision] == nil else { continue }
      // A journal may outlive the branch that it tells of.
      guard try repository.git.contains(release.revision.object) else { continue }
      facts[release.revision] = try self.facts(of: repository.git.commit(release.revision.object))
    }
    return facts
  }

  private func facts(of commit: Commit) throws -> CommitFacts {
    let git = repository.git
    func person(_ signature: Signature) -> String { "\(signature.name) <\(signature.email)>" }
    var merged: [String] = []
    if commit.parents.count > 1, let first = commit.parents.first {
      let own = person(commit.author)
      for id in try git.commitsBetween(commit.id, excluding: first).prefix(1_000) where id != commit.id {
        let author = person(try git.commit(id).author)
        if author != own, !merged.contains(author), merged.count < CommitFacts.mostAuthors { merged.append(author) }
      }
    }
    return CommitFacts(
      author: person(commit.author), committer: person(commit.committer), merged: merged, message: commit.message,
      trailers: commit.trailers.map { ($0.key, $0.value) })
  }
}
