import Git
import MooringJournal
import MooringModel

extension EnvironmentContext {
  /// Why a release waits for a drill of the environment before this one in line; `nil` where it needn't.
  ///
  /// A drill of that environment is one of everything on the branch that it had then: a revision is proved where that
  /// environment has nothing of it that wasn't in the drilled release. What held its gates here before needs no proof.
  func missingDrill(of candidate: ReleaseReference, _ state: EnvironmentState) throws -> Fault? {
    guard let required = configuration.requiredDrill,
      let other = neighbours.first(where: { $0.name == required }), !state.hasRun(candidate.digest)
    else { return nil }
    let theirs = try journal.head(of: required, in: repository.git).state
    if let drilled = theirs.rehearsed, try covers(drilled.started.from.revision, candidate.revision, other) {
      return nil
    }
    let last = theirs.rehearsed.map { "the last one that succeeded was of its \($0.started.from.label)" }
    return Fault(
      .held, "\(candidate.label) waits for a drill in \(required): \(last ?? "none has succeeded yet")",
      at: name.string,
      remedy: "`mooring drill \(required)` when it runs this; `mooring sync --without-drill` deploys it all the same")
  }

  private func covers(
    _ drilled: Revision, _ wanted: Revision, _ other: EnvironmentConfiguration
  ) throws -> Bool {
    let git = repository.git
    let (drilled, wanted) = (try drilled.object, try wanted.object)
    guard git.contains(drilled), git.contains(wanted) else { return false }
    if try drilled == wanted || git.isAncestor(wanted, of: drilled) { return true }
    guard try git.isAncestor(drilled, of: wanted) else { return false }
    return try git.changesOfInputs(
      firstParentsFrom: wanted, until: drilled, paths: other.definition.paths
    ).isEmpty
  }
}
