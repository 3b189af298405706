public import Git
public import MooringModel

/// Goes through a journal from its first event to its last, and says what doesn't hold: every commit, tree and event by its
/// bytes, what follows what, and every object that a release or a rollback refers to.
///
/// Linear in the journal and in the distinct objects of its releases; each object is hashed once.
public struct JournalVerification {
  /// Findings beyond this many are counted, and not kept.
  public static let mostFindings = 100

  public let environment: EnvironmentName
  let repository: Repository
  public private(set) var findings: [AuditFinding] = []
  /// Findings that are not kept.
  public private(set) var more = 0
  public private(set) var commits = 0
  public private(set) var events = 0
  public private(set) var state = EnvironmentState()
  /// Commits that events name, that aren't here, and that nothing of the journal keeps.
  public var away: Int { missing.count }
  private var order: StoryOrder
  private var seen: Set<ObjectID> = []
  private var missing: Set<ObjectID> = []

  public init(of environment: EnvironmentName, in repository: Repository) {
    self.environment = environment
    self.repository = repository
    order = StoryOrder(of: environment)
  }

  /// Every commit of the journal's own line, oldest first; from the oldest that can be read, where the line is broken.
  public mutating func commits(to head: ObjectID) -> [ObjectID] {
    var ids: [ObjectID] = []
    var next: ObjectID? = head
    do {
      while let id = next {
        let commit = try repository.commit(id)
        ids.append(id)
        next = commit.parents.first
      }
    } catch {
      let after = ids.last.map { ", which commit \($0.hex.prefix(12)) stands on," } ?? ""
      note(AuditFinding(.chain, commit: next?.hex, "the commit\(after) can't be read: \(error)"))
    }
    return ids.reversed()
  }

  /// Looks at one commit; the next one follows it.
  ///
  /// - Returns: Its events, as far as they can be read.
  public mutating func take(_ id: ObjectID) -> [Event] {
    commits += 1
    let before = findings.count
    do {
      let commit = try repository.commit(id)
      let found = try JournalCommit.events(of: commit, in: repository)
      for event in found {
        events += 1
        state.apply(event)
        if let problem = order.problem(with: event) {
          note(AuditFinding(.order, commit: id.hex, event: event, problem))
        }
      }
      guard let last = found.last else { return [] }
      check(commit, last)
      if found.count == 1 { try check(objectsOf: last, in: commit) }
      return found
    } catch {
      if findings.count == before { note(AuditFinding(.event, commit: id.hex, Self.words(error))) }
      return []
    }
  }

  /// Looks at a commit of a line that a union took in: by itself, for what comes before what is told by the journal's own line.
  ///
  /// - Returns: Its events, as far as they can be read.
  public mutating func take(aside id: ObjectID) -> [Event] {
    do {
      let commit = try repository.commit(id)
      let found = try JournalCommit.events(of: commit, in: repository)
      if let other = found.first(where: { $0.environment != environment }) {
        note(AuditFinding(.event, commit: id.hex, event: other, "it is an event of \(other.environment)"))
      }
      guard let last = found.last else { return [] }
      check(commit, last)
      if found.count == 1 { try check(objectsOf: last, in: commit) }
      return found
    } catch {
      note(AuditFinding(.event, commit: id.hex, Self.words(error)))
      return []
    }
  }

  public mutating func note(_ finding: AuditFinding) {
    guard findings.count < Self.mostFindings else {
      more += 1
      return
    }
    findings.append(finding)
  }

  private static func words(_ error: any Error) -> String {
    (error as? Fault).map { "it can't be read: \($0.what)" } ?? "it can't be read: \(error)"
  }

  /// What the commit itself says of the event.
  private mutating func check(_ commit: Commit, _ event: Event) {
    func finding(_ problem: String) -> AuditFinding {
      AuditFinding(.event, commit: commit.id.hex, event: event, problem)
    }
    if commit.committer.name != "Mooring" { note(finding("its commit was made by \(commit.committer.name)")) }
    if commit.committer.seconds != event.time.seconds { note(finding("its commit is of another time")) }
    if case .union(let union) = event.payload {
      guard commit.parents.dropFirst().first?.hex != union.other.hex else { return }
      note(finding("the journal that it took in, \(union.other.short), isn't what it stands on"))
    }
  }

  // MARK: Objects

  private mutating func check(objectsOf event: Event, in commit: Commit) throws {
    switch event.payload {
    case .release(let release):
      if let digest = release.digest { try check(rendered: digest, of: event, in: commit) }
      for input in release.inputs.compactMap({ $0 }) { check(input, "the input", of: event, in: commit) }
      check(release.revision, "the revision", of: event, in: commit)
    case .rollbackStarted(let started):
      try check(rendered: started.to.digest, of: event, in: commit)
      if let revert = started.revert { check(revert.commit, "the revert", of: event, in: commit) }
    case .historyRewritten(let rewritten): check(rewritten.was, "the branch as it was", of: event, in: commit)
    case .revertPushed(let pushed): check(ifHere: pushed.landed, "the revert as it landed", of: event, in: commit)
    case .adopted(let adopted): check(ifHere: adopted.commit, "the adoption", of: event, in: commit)
    case .driftResolved(let resolved):
      if let adoption = resolved.commit { check(ifHere: adoption, "the adoption", of: event, in: commit) }
    default: break
    }
  }

  /// What nothing of the journal keeps may be gone with its branch, and isn't in every clone.
  private mutating func check(ifHere content: ContentID, _ what: String, of event: Event, in commit: Commit) {
    guard let id = ObjectID(bytes: content.bytes) else { return }
    guard repository.contains(id) else {
      missing.insert(id)
      return
    }
    check(content, what, of: event, in: commit)
  }

  private mutating func check(rendered digest: ReleaseDigest, of event: Event, in commit: Commit) throws {
    let rendered = try repository.tree(commit.tree).first { $0.name == "rendered" }
    guard let rendered, rendered.id.hex == digest.hex else {
      let what = rendered.map { "it holds \($0.id.hex.prefix(8))" } ?? "it holds none"
      note(
        AuditFinding(.object, commit: commit.id.hex, event: event, "the release's tree is \(digest.short), and \(what)")
      )
      return
    }
    check(digest, "the release's tree", of: event, in: commit)
  }

  private mutating func check(_ content: ContentID, _ what: String, of event: Event, in commit: Commit) {
    guard let id = ObjectID(bytes: content.bytes) else { return }
    do {
      try check(id, deepest: 512)
    } catch {
      note(AuditFinding(.object, commit: commit.id.hex, event: event, "\(what) isn't whole: \(error)"))
    }
  }

  /// An object and, of a tree, all that it holds. Of a commit itself alone: its history is the branch's.
  private mutating func check(_ id: ObjectID, deepest: Int) throws(GitError) {
    guard seen.insert(id).inserted else { return }
    guard try repository.kind(hashing: id) == .tree else { return }
    guard deepest > 0 else { throw GitError(.invalid, "it is nested too deep", operation: "walk the tree \(id)") }
    for entry in try repository.tree(id) where entry.mode != .submodule { try check(entry.id, deepest: deepest - 1) }
  }
}

extension Journal {
  /// The head that the index knows, and the first of its events that differs from the journal's; the index is left as it
  /// is.
  public func indexed(_ environment: EnvironmentName) throws -> (head: ObjectID?, events: IndexedEvents) {
    (try index.head(of: environment).commit, IndexedEvents(index: index, environment: environment))
  }
}

/// The events of a journal as the index has them, a few at a time.
public struct IndexedEvents: Sendable {
  let index: JournalIndex
  let environment: EnvironmentName

  /// From a place on, oldest first; fewer than asked for where there are no more.
  public func events(from position: Int, count: Int) throws -> [Event] {
    try index.events(of: environment, from: position, count: count)
  }
}
