public import Git
public import MooringModel
public import Readiness

/// Checks a change before it is merged: in a clone, without state and without a network.
public struct ChangeCheck: Sendable {
  /// What is found of one environment.
  public struct Result: Sendable {
    public var environment: EnvironmentName
    public var findings: [Finding]
  }

  let configuration: Configuration
  let clone: WorkingClone
  let time: Time
  let asksForBackup: Bool

  /// - Parameter asksForBackup: Whether it is asked for a backup before something is destroyed: not where nobody can say.
  public init(
    _ configuration: Configuration, clone: WorkingClone, time: Time = .system, asksForBackup: Bool = true
  ) {
    self.asksForBackup = asksForBackup
    self.configuration = configuration
    self.clone = clone
    self.time = time
  }

  /// The repository of the configuration that the clone is one of.
  ///
  /// - Parameter name: How it is called there; it may be left out where there is only one.
  /// - Throws: `Fault` of code `.usage`.
  public func repository(_ name: String?) throws -> (name: String, configuration: RepositoryConfiguration) {
    if let name, let repository = configuration.repositories[name] { return (name, repository) }
    if name == nil, configuration.repositories.count == 1, let only = configuration.repositories.first {
      return (only.key, only.value)
    }
    let names = configuration.repositories.keys.sorted().joined(separator: ", ")
    throw Fault(
      .usage, name.map { "no repository is named \($0.prefix(80).debugDescription)" } ?? "which repository is it?",
      at: configuration.path, remedy: "say --repository with one of: \(names)")
  }

  /// What the environments of a repository find in a change, by their names.
  ///
  /// - Parameter branch: What the branch is now, where that is known.
  public func results(
    of repository: String, from base: ObjectID?, to head: ObjectID, on branch: ObjectID? = nil
  ) async throws -> [Result] {
    var results: [Result] = []
    for environment in configuration.environments.values.sorted(by: { $0.name < $1.name })
    where environment.repository == repository {
      let change = try await change(environment, from: base, to: head, on: branch)
      results.append(
        Result(
          environment: environment.name,
          findings: environment.readiness.judge(change.findings(environment.readiness), at: time.now())))
    }
    return results
  }

  private func change(
    _ environment: EnvironmentConfiguration, from base: ObjectID?, to head: ObjectID, on branch: ObjectID?
  ) async throws -> Change {
    let reader = ChangeReader(git: clone.git, environment: environment)
    let folder = try PrivateFolder()
    let rendering = try await ChangeRendering(git: clone.git, environment: environment, folder: folder.path)
      .rendering(from: base, to: head)
    var change = try reader.change(from: base, to: head, rendering)
    change.obstacles = try ChangeUndoing(git: clone.git, environment: environment)
      .obstacles(undoing: base, to: head, on: branch)
    if asksForBackup, let backup = environment.readiness.backup, !change.destroying.isEmpty {
      change.backupProblem = try await BackupProof(policy: backup, now: time.now()).problem()
    }
    return change
  }
}
