public import ArgumentParser

/// `mooring`, and all its verbs.
public struct MooringCommand: AsyncParsableCommand {
  private static let words = CommandConfiguration(
    commandName: "mooring",
    abstract: "Keep production moored to Git.",
    discussion: """
      Watches a repository of configuration, brings production to every commit as a numbered release, and goes back by
      reverting the commit.

      EXAMPLES
        mooring init                                   write a commented mooring.yaml
        mooring run                                    watch and deploy until stopped
        mooring status                                 where every environment stands
        mooring rollback production --reason "5xx"     back to the release before, now
        mooring rollback production --to v41 --reason "checkout is down"
        mooring drift production                       what somebody changed by hand
        mooring log production                         the story
        mooring history production app.yaml pool.size  every value that it had
        mooring blame production app.yaml              who set what
        mooring audit verify                           nobody edited the record

      Exit codes: 0 done, and no difference; 1 failed; 2 a difference or an unmet check was found; 3 restored, but a push
      is owed or verification is unmet; 64 wrong usage.
      """,
    version: "0.1.0",
    subcommands: [
      Init.self, Demo.self, Run.self, Status.self, PlanCommand.self, Sync.self, Releases.self, Show.self, Diff.self,
      DriftCommand.self, Rollback.self, QuarantineCommand.self, IncidentCommand.self, RunbookCommand.self, Log.self,
      AuditCommand.self, History.self, BlameCommand.self, HoldCommand.self, ResumeCommand.self, NoteCommand.self,
      TakeoverCommand.self, Check.self, ReadinessCommand.self, DrillCommand.self, RBAC.self, NotificationsCommand.self,
      IndexCommand.self,
      TransferCommand.self,
    ])

  public init() {}

  public static var configuration: CommandConfiguration {
    var configuration = words
    // What the library takes for one of a family of programs it asks for no completions, and for nothing else.
    if !CommandStart.asksForCompletions { configuration._superCommandName = "" }
    return configuration
  }
}
