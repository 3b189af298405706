import ArgumentParser
import FoundationEssentials
import Synchronization

/// Reads the command line, and runs the verb that it names.
///
/// The library reads a command line three times: as one that asks for a script of completions, as one that asks for that of the
/// shell at hand, and then as what it is. That is 1.4 ms of each start, and of use only where an option comes first.
enum CommandStart {
  private static let completions = Mutex(true)

  static var asksForCompletions: Bool { completions.withLock { $0 } }

  static func run() async {
    let arguments = Array(ProcessInfo.processInfo.arguments.dropFirst())
    guard let verb = arguments.first, !verb.hasPrefix("-"), var command = await parsed(arguments) else {
      return await MooringCommand.main(arguments)
    }
    do {
      if var verb = command as? any AsyncParsableCommand {
        try await verb.run()
      } else {
        try command.run()
      }
    } catch {
      MooringCommand.exit(withError: error)
    }
  }

  /// `nil` where anything is wrong: then the whole way says what.
  private static func parsed(_ arguments: [String]) async -> (any ParsableCommand)? {
    completions.withLock { $0 = false }
    defer { completions.withLock { $0 = true } }
    do { return try await MooringCommand.asyncParseAsRoot(arguments) } catch { return nil }
  }
}
