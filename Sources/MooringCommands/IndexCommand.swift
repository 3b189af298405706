import ArgumentParser
import Mooring
import MooringJournal
import MooringModel

struct IndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Work on the index that makes reading quick.",
    subcommands: [Rebuild.self])

  struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
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
        let history = rebuilt.history
        print(
          "read \(history.looked) commits: \(history.commits) of them changed inputs"
            + " (paths in \(Self.seconds(history.paths)), resources of \(history.filesRead) files in"
            + " \(Self.seconds(history.resources)))")
      }
    }

    private static func seconds(_ duration: Duration) -> String {
      "\(Double(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000) / 1000) s"
    }
  }
}
