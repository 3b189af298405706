import FoundationEssentials
import Git
import MooringModel

/// Which revert commits this state directory made for an environment.
///
/// The journal names them too, but a journal can be pushed by whoever may write to the remote; this record never leaves
/// the state directory, and so nobody else can add to it.
struct OwnReverts: Sendable {
  let environment: EnvironmentName
  private let folder: String

  init(of environment: EnvironmentName, in state: StateDirectory) {
    self.environment = environment
    folder = state.path + "/reverts"
  }

  /// Durable when it returns.
  func remember(_ commit: ObjectID) throws(Fault) {
    try DurableFolder.make(folder)
    try DurableFolder.writeOnce("", to: path(of: commit))
  }

  func contains(_ commit: ObjectID) -> Bool { FileManager.default.fileExists(atPath: path(of: commit)) }

  private func path(of commit: ObjectID) -> String { "\(folder)/\(environment)@\(commit.hex)" }
}
