import ArgumentParser
import Mooring
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
        let events = try await shared.workspace().rebuildIndex()
        print("read \(events) event\(events == 1 ? "" : "s")")
      }
    }
  }
}
