import Processes

/// A server that runs until this value goes, and is then killed with all that it started.
public final class ServerProcess: Sendable {
  /// It said nothing.
  public struct Silent: Error { public let arguments: [String] }

  private let program: ServingProgram
  private let arguments: [String]

  /// What it says on standard error is dropped.
  public init(_ arguments: [String]) throws {
    self.arguments = arguments
    program = try ServingProgram(
      Program(["/bin/sh", "-c", "exec \"$0\" \"$@\" 2>/dev/null"] + arguments, timeLimit: .seconds(60)))
  }

  /// Waits for it. Servers don't look at what they are asked here.
  public func firstLine() async throws -> String {
    let lines = LineCollector()
    let ending = try await program.ask([], within: .seconds(60)) { line in
      lines.append(line)
      return true
    }
    guard ending == .answered, let line = lines.text.split(separator: "\n").first else {
      throw Silent(arguments: arguments)
    }
    return String(line)
  }
}
