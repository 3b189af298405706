import ArgumentParser
import FoundationEssentials
import Glibc
import MooringModel

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Show the sample repository, live.",
    discussion: """
      Makes a Git remote of `sample-repo/`, starts a real service and the watcher, and tells the story: a release, a bad
      commit, its automatic rollback, and a rollback by hand. Then it is yours to try, until Ctrl-C.

      EXAMPLES
        mooring demo
        mooring demo --unattended        tell the story and check every step
        mooring demo --kubernetes        in a cluster, which it starts on this machine
      """)

  @Flag(help: "Tell the story, check every step, and end.")
  var unattended = false

  @Flag(help: "In a cluster: a control plane on this machine, built the first time.")
  var kubernetes = false

  @Option(help: "The checkout of Mooring that holds sample-repo/ and scripts/demo.")
  var checkout: String?

  func run() async throws {
    try await running {
      let script = try checkoutFolder() + "/scripts/demo"
      let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
      let options = [(kubernetes, "--kubernetes"), (unattended, "--unattended")].filter(\.0).map(\.1)
      let arguments = [script, "--mooring", program] + options
      var pointers = arguments.map { strdup($0) } + [nil]
      defer { for pointer in pointers { free(pointer) } }
      execv(script, &pointers)
      throw Fault(.program, "can't run it: \(String(cString: strerror(errno)))", at: script)
    }
  }

  /// The folder above the program that has the demo in it.
  private func checkoutFolder() throws -> String {
    if let checkout { return checkout }
    var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    for _ in 0..<8 {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.path + "/scripts/demo") { return folder.path }
    }
    throw Fault(
      .notFound, "the demo's files are not beside the program",
      remedy: "name a checkout of Mooring with --checkout, or run scripts/demo there")
  }
}
