import ArgumentParser
import Mooring
import MooringModel

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Tell every value that a resource, a file or a field had: who set it, when, why, when production had it.",
    discussion: """
      One line of time, oldest first, of what commits did and what hands did in production. Of a merge, who wrote a value on
      the merged branch is named beside the merge that took it in.

      EXAMPLES
        mooring history production deployment/shop/web
        mooring history production deployment/shop/web spec.replicas
        mooring history production app/config.yaml worker.pool.size --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @OptionGroup var asked: SubjectArguments

  @Argument(help: "A field and those below it: spec.template.spec.containers[name=web].image")
  var field: String?

  func run() async throws {
    try await running {
      let context = try await shared.workspace().environment(asked.environment)
      let report = try await context.history(of: asked.subject, field: field, progress: IndexProgress.show)
      try output.print(report) { HistoryText.lines(report) }
    }
  }
}

/// One line that is written over while commits are indexed.
enum IndexProgress {
  static func show(_ done: Int, _ all: Int) {
    guard Terminal.isInteractive, all > 0 else { return }
    Terminal.overwrite("  indexing the history: \(done)/\(all) commits", isLast: done == all)
  }
}
