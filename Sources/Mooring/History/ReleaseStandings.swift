import Git
import MooringJournal
import MooringModel

/// Where releases stand on a line: at the commit of the line that their own is, or stands on.
///
/// A release's commit needn't be on the line. One for another definition is made of the branch's tip, which may change no
/// inputs; the branch may have been rewritten since; and a revert that is owed isn't on it yet. From such a commit the search
/// goes back by first parents until it meets the line, and what changed the inputs on the way is told beside it: never is a
/// release taken for another one that has other inputs.
final class ReleaseStandings {
  /// Where a release stands.
  struct Standing {
    /// The last commit of the line that it has; 0 where it has none.
    var position: Int
    /// The last commit beside the line that changed its inputs; `nil` where it has what the line has there.
    var tip: ObjectID?
  }

  /// A commit beside the line that changed inputs.
  struct Aside {
    var commit: ObjectID
    /// Where it left the line: see ``Standing``.
    var position: Int
    /// The one before it, also beside the line.
    var before: ObjectID?
    /// What has the files before it, and after it: a commit, or a tree that a program rendered.
    var old: ObjectID?
    var new: ObjectID
  }

  let history: EnvironmentHistory
  let subject: EnvironmentHistory.Subject
  /// All that were met, in the order in which they were.
  private(set) var asides: [Aside] = []
  private var places: [ObjectID: Int] = [:]
  private var known: [ObjectID: Standing?] = [:]

  init(in history: EnvironmentHistory, on subject: EnvironmentHistory.Subject) {
    self.history = history
    self.subject = subject
  }

  private var git: Repository { history.context.repository.git }
  private var releases: ReleaseIndex { history.context.journal.releases }

  /// - Returns: `nil` where its commit isn't here.
  func standing(of release: ReleaseReference) throws -> Standing? {
    let commit = try release.revision.object
    if let found = known[commit] { return found }
    let found = try find(release, commit)
    known[commit] = .some(found)
    return found
  }

  func aside(of commit: ObjectID) -> Aside? { places[commit].map { asides[$0] } }

  /// Commits beside the line up to one of them, oldest first.
  func asides(to tip: ObjectID?) -> [Aside] {
    var found: [Aside] = []
    var next = tip
    while let aside = next.flatMap(self.aside(of:)) {
      found.append(aside)
      next = aside.before
    }
    return found.reversed()
  }

  private func find(_ release: ReleaseReference, _ commit: ObjectID) throws -> Standing? {
    if let position = try history.index.position(of: commit, in: subject.line) { return Standing(position: position) }
    // A revert that is owed has what the release has that it restores.
    if release.number == nil, let restored = release.restores,
      let summary = try releases.release(restored, of: history.context.name),
      let position = try history.index.position(of: summary.revision.object, in: subject.line)
    {
      return Standing(position: position)
    }
    guard git.contains(commit) else { return nil }
    let (base, met) = try back(from: commit)
    switch subject.kind {
    case .inputs: return try followInputs(to: commit, from: met, base)
    case .rendered: return try compareRendered(release, commit, base, met)
    }
  }

  /// Goes back to where a standing is known.
  private func back(from commit: ObjectID) throws -> (base: Standing, commit: ObjectID?) {
    var next: ObjectID? = commit
    while let id = next {
      if let position = try history.index.position(of: id, in: subject.line) {
        return (Standing(position: position), id)
      }
      if case .some(.some(let standing)) = known[id] { return (standing, id) }
      next = try git.links(of: id).parents.first
    }
    return (Standing(position: 0), nil)
  }

  private func followInputs(to commit: ObjectID, from met: ObjectID?, _ base: Standing) throws -> Standing {
    var tip = base.tip
    let paths = history.context.configuration.definition.paths
    for change in try git.changesOfInputs(firstParentsFrom: commit, until: met, paths: paths) {
      let parent = try git.links(of: change.commit).parents.first
      note(
        Aside(commit: change.commit, position: base.position, before: tip, old: parent, new: change.commit))
      tip = change.commit
    }
    return Standing(position: base.position, tip: tip)
  }

  private func compareRendered(
    _ release: ReleaseReference, _ commit: ObjectID, _ base: Standing, _ met: ObjectID?
  ) throws -> Standing {
    let before = try met.flatMap { met in
      try asides(to: base.tip).last?.new
        ?? releases.release(at: met.content, of: history.context.name)?.digest?.object
    }
    let tree = try release.digest.object
    guard before != tree else { return base }
    note(Aside(commit: commit, position: base.position, before: base.tip, old: before, new: tree))
    return Standing(position: base.position, tip: commit)
  }

  private func note(_ aside: Aside) {
    guard places[aside.commit] == nil else { return }
    places[aside.commit] = asides.count
    asides.append(aside)
  }

  // MARK: Production

  /// When production ran what, and where that stands; `nil` where that isn't known.
  func spans(_ events: [Event]) throws -> [(span: ProductionSpan, standing: Standing?)] {
    try ProductionSpan.all(of: events).map { ($0, try standing(of: $0.release)) }
  }
}
