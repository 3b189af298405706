import Git
import MooringJournal
import MooringModel

/// What commits beside a line made of a file or a resource: on a branch that was rewritten since, or as a revert that isn't on
/// the branch yet. They are read from Git each time, being few. Files are followed by their paths alone.
struct AsideChanges {
  private let git: Repository
  private let reader: FieldReader
  private let subject: EnvironmentHistory.Subject
  private let cover: SecretCover
  /// Where the thing ever stood on the line.
  private let paths: Set<[UInt8]>

  init(of history: EnvironmentHistory, _ subject: EnvironmentHistory.Subject) throws {
    git = history.context.repository.git
    cover = history.context.cover
    reader = FieldReader(git, cover.rules, resource: subject.resource)
    self.subject = subject
    paths = try Set(
      history.index.versions(of: subject.subject, in: subject.line).map(\.path).map(history.index.path))
  }

  /// What one of them did; `nil` where it is none of this thing.
  func change(_ aside: ReleaseStandings.Aside) throws -> (change: HistoricChange, commit: HistoricCommit)? {
    let places = try candidates(aside)
    let old = try version(in: aside.old, among: places)
    let new = try version(in: aside.new, among: places)
    guard old?.blob != new?.blob || old?.path != new?.path, let file = new?.path ?? old?.path else { return nil }
    var change = HistoricChange(position: 0, file: ObjectName(path: file).string, isRemoval: new == nil)
    if let old, let new, old.path != new.path { change.movedFrom = ObjectName(path: old.path).string }
    change.problem = new?.problem
    if change.problem == nil { change.values = (old?.table ?? FieldTable()).changes(to: new?.table ?? FieldTable()) }
    // A resource's file may have changed beside it.
    if subject.resource != nil, change.values.isEmpty, change.problem == nil, change.movedFrom == nil, old != nil,
      new != nil
    {
      return nil
    }
    var cover = CommitCover(self.cover)
    return (change, cover.covered(try HistoricCommit(git.commit(aside.commit))))
  }

  // MARK: Reading

  private struct Version {
    var path: [UInt8]
    var blob: ObjectID
    /// `nil` where it can't be read.
    var table: FieldTable?
    var problem: String?
  }

  /// Where the thing may stand: a file where it ever did, a resource also where the commit changed something.
  private func candidates(_ aside: ReleaseStandings.Aside) throws -> [[UInt8]] {
    guard subject.resource != nil else { return paths.sorted { $0.lexicographicallyPrecedes($1) } }
    let changed = try git.changes(from: aside.old, to: aside.new).map(\.rawPath).filter { FileObjects.mayBe(at: $0) }
    return paths.union(changed).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The first of those places at which it stands.
  private func version(in commit: ObjectID?, among places: [[UInt8]]) throws -> Version? {
    guard let commit else { return nil }
    for path in places {
      guard let text = String(validating: path, as: UTF8.self), (try? RelativePath(text)) != nil,
        let entry = try git.entry(at: text, in: commit), entry.mode != .directory
      else { continue }
      do {
        guard let table = try reader.table(of: entry.id, at: path, entry.mode) else { continue }
        return Version(path: path, blob: entry.id, table: table)
      } catch let error as FieldReader.Unreadable {
        // Of a resource nobody knows whether it would be in there.
        guard subject.resource == nil || paths.contains(path) else { continue }
        return Version(path: path, blob: entry.id, problem: error.problem)
      }
    }
    return nil
  }
}

extension HistoricCommit {
  convenience init(_ commit: Commit) throws {
    func person(_ signature: Signature) -> Person { Person(name: signature.name, email: signature.email) }
    func time(_ signature: Signature) -> Timestamp {
      Timestamp(milliseconds: min(max(signature.seconds, 0), 253_402_300_799) * 1000)
    }
    let trailers = commit.trailers.map { (key: $0.key, value: $0.value) }
    self.init(
      revision: try commit.id.content, author: person(commit.author), authored: time(commit.author),
      committer: person(commit.committer), committed: time(commit.committer), summary: commit.summary,
      trailers: trailers.map { Trailer(key: $0.key, value: $0.value) },
      pullRequest: PullRequestMention.reference(message: commit.message, trailers: trailers),
      isMerge: commit.parents.count > 1, isSigned: commit.isSigned)
  }
}
