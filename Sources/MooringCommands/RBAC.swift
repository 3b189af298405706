import ArgumentParser
import Mooring
import MooringModel

struct RBAC: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rbac",
    abstract: "Print the rights that an environment in a cluster needs.",
    discussion: """
      Prints Roles and RoleBindings, and a ClusterRole where one is needed, with the least rights that deploying the newest
      release, looking after it, removing it and going back take. Touches nothing; `kubectl apply` takes what it prints.

      EXAMPLES
        mooring rbac production | kubectl apply -f -
        mooring rbac production --account mooring/mooring --revision v41
      """)

  @OptionGroup var shared: SharedOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName

  @Option(help: "The service account that gets the rights: NAMESPACE/NAME.")
  var account = "mooring/mooring"

  @Option(help: "A release: v41, a commit, or a time.")
  var revision: String?

  func run() async throws {
    try await running {
      let account = try ServiceAccountName(account)
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      try await workspace.fetchIfNew(context)
      let selector = try revision.map { try ReleaseSelector(parsing: $0) }
      print(try await context.accessManifest(account, for: selector), terminator: "")
    }
  }
}
