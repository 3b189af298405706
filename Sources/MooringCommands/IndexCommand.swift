import ArgumentParser
import Glibc
import Mooring
import MooringJournal
import MooringModel

struct IndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Work on the index that makes reading quick.",
    subcommands: [Rebuild.self, Update.self])

  struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rebuild",
      abstract: "Forget the index and read it from Git again. Nothing is lost.",
      discussion: """
        EXAMPLES
          mooring index rebuild
        """)

    @OptionGroup var shared: SharedOptions

    func run() async throws {
      try await running {
        let rebuilt = try await shared.workspace().rebuildIndex(progress: IndexProgress.show)
        print("read \(rebuilt.events) event\(rebuilt.events == 1 ? "" : "s")")
        IndexCommand.say(rebuilt.history)
      }
    }
  }

  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "update",
      abstract: "Read what was fetched into the history's index; the watcher does it by itself.",
      discussion: """
        EXAMPLES
          mooring index update
          mooring index update production
        """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The environments; all of them where none is named.")
    var environments: [EnvironmentName] = []

    @Flag(help: .hidden)
    var gently = false

    func run() async throws {
      try await running {
        if gently { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19) }
        let workspace = try await shared.workspace()
        IndexCommand.say(
          try workspace.updateHistory(
            of: environments.isEmpty ? workspace.environmentNames : environments, progress: IndexProgress.show))
      }
    }
  }

  private static func say(_ history: HistoryBuild) {
    print(
      "read \(history.looked) commits: \(history.commits) of them changed inputs"
        + " (paths in \(seconds(history.paths)), resources of \(history.filesRead) files in"
        + " \(seconds(history.resources)))")
  }

  private static func seconds(_ duration: Duration) -> String {
    "\(Double(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000) / 1000) s"
  }
}
