/// Why a program could not be started at all.
public enum ProgramError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No file of this name: at the absolute path, or in any absolute folder of `PATH`.
  case notFound(program: String)
  /// There is such a file, but it can't be executed.
  case notExecutable(program: String)
  /// The folder that the program was to start in isn't one that can be entered.
  case badDirectory(String, program: String)
  /// The system refused for another reason.
  case notStarted(program: String, reason: String)
  /// The system doesn't let us keep it from the machine and the network.
  case notConfined(program: String, reason: String)

  public var description: String {
    switch self {
    case .notFound(let program): "\(program): there is no such program"
    case .notExecutable(let program): "\(program): not an executable file"
    case .badDirectory(let directory, let program): "\(program): can't start in \(directory): not a folder"
    case .notStarted(let program, let reason): "\(program): can't be started: \(reason)"
    case .notConfined(let program, let reason): "\(program): can't be kept from the machine and its network: \(reason)"
    }
  }
}
