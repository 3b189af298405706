/// How to take an environment back: with Mooring, and by hand where Mooring is gone; the exact commands, made from what is
/// configured and deployed now.
public struct Runbook: Sendable, Hashable, Encodable {
  public struct Step: Sendable, Hashable, Encodable {
    public var title: String
    /// What a person should know before.
    public var about: String?
    /// Lines of a POSIX shell; those of the steps by hand follow one another in one shell.
    public var commands: [String]
    public var byHand: Bool
  }

  public var environment: String
  /// What runs now, and what the steps bring back.
  public var running: String?
  public var target: String
  public var digest: String
  public var steps: [Step]

  public init(_ facts: RunbookFacts) {
    environment = facts.environment.string
    running = facts.running?.label
    target = facts.previous.label
    digest = facts.previous.digest.hex
    let hand = RunbookHand(facts)
    steps = [
      Step(
        title: "With Mooring", about: "Restores production from the stored release, and pushes the revert beside it.",
        commands: [
          ShellWord.command(
            [
              "mooring", "rollback", facts.environment.string, "--config", facts.configuration, "--state", facts.state,
              "--reason", "why",
            ])
        ], byHand: false),
      hand.quiet, hand.release, hand.restoration, hand.checks, hand.revert, hand.afterwards,
    ].compactMap { $0 }
  }

  /// A Markdown document.
  public var text: String {
    let from = running.map { "It runs \($0) now; " } ?? ""
    let parts = [
      "# Taking \(MarkdownText.line(environment)) back",
      "\(from)these steps bring back \(target), whose files are Git's tree `\(digest)`. Made from the configuration and"
        + " the journal as they are now: print it again after every change, by `mooring runbook \(environment)`.",
      "## With Mooring",
    ]
    var text = parts.joined(separator: "\n\n") + "\n"
    var saysHand = false
    for (number, step) in steps.enumerated() {
      if step.byHand, !saysHand {
        text += "\n## By hand, if Mooring is gone\n\nIn one shell, begun with `set -eu`, by somebody who may do what"
        text += " Mooring may. The commands need `git`, `tar` and what is named in them.\n"
        saysHand = true
      }
      if step.byHand { text += "\n### \(number). \(step.title)\n" }
      if let about = step.about { text += "\n\(about)\n" }
      if !step.commands.isEmpty { text += "\n```sh\n\(step.commands.joined(separator: "\n"))\n```\n" }
    }
    return text
  }

  /// The steps by hand as one script.
  public var script: String {
    "set -eu\n" + steps.filter(\.byHand).flatMap(\.commands).joined(separator: "\n") + "\n"
  }
}
