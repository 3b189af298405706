import Git
import MooringJournal
import MooringModel
import Readiness

extension EnvironmentContext {
  /// Why a release waits for a backup: it takes something away that going back doesn't bring back, and nothing proves that
  /// there is a copy. What held its gates here before takes nothing away, and where the rule `backup-missing` is waived, or
  /// no error, nothing waits for it.
  func missingBackup(before candidate: ReleaseReference, _ state: EnvironmentState) async throws -> Fault? {
    guard !state.hasRun(candidate.digest), let backup = try await backup(before: candidate, state),
      let finding = configuration.readiness.judge([backup.finding].compactMap { $0 }, at: time.now()).first,
      finding.counts
    else { return nil }
    return Fault(
      .held, "\(candidate.label) waits for a backup: \(finding.why)", at: name.string,
      remedy: "\(finding.fix); `mooring sync --without-backup` deploys it all the same")
  }

  /// What proves a backup before what the release destroys; `nil` where none is asked for.
  func backup(before candidate: ReleaseReference, _ state: EnvironmentState) async throws -> Standing.Backup? {
    let git = repository.git
    guard let policy = configuration.readiness.backup, let deployed = try state.deployed?.release.revision.object else {
      return nil
    }
    let next = try candidate.revision.object
    guard next != deployed, git.contains(next), git.contains(deployed) else { return nil }
    let destroyed = try ChangeReader(git: git, environment: configuration).change(from: deployed, to: next).destroying
    guard !destroyed.isEmpty else { return nil }
    return Standing.Backup(
      problem: try await BackupProof(policy: policy, now: time.now()).problem(), destroyed: destroyed)
  }
}
