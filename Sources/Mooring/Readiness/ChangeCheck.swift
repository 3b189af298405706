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

  public init(_ configuration: Configuration, clone: WorkingClone, time: Time = .system) {
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
  public func results(of repository: String, from base: ObjectID?, to head: ObjectID) throws -> [Result] {
    try configuration.environments.values.filter { $0.repository == repository }.sorted { $0.name < $1.name }
      .map { environment in
        let change = try ChangeReader(git: clone.git, environment: environment).change(from: base, to: head)
        return Result(
          environment: environment.name,
          findings: environment.readiness.judge(
            change.findings(environment.readiness), at: time.now()))
      }
  }
}
