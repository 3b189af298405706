import ArgumentParser
import Mooring
import MooringJournal
import MooringModel

struct Log: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Tell the story: releases, deployments, drift, rollbacks.",
    discussion: """
      EXAMPLES
        mooring log production
        mooring log production --reverse --limit 0          from the beginning
        mooring log production --kind drift --author ann --since 2026-03-01
        mooring log production --resource Deployment/shop/checkout --field spec.replicas
        mooring log production --kind deployment.finished --outcome failed
        mooring log production --after 01KDVDNA01S0M3RAND0MB1TSXX     the next page
        mooring log production --output json
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Option(help: "How many events at most; 0 is all.")
  var limit = 50
  @Flag(help: "Oldest first.")
  var reverse = false
  @Option(help: "Go on after this event: the `next` of the page before.")
  var after: String?
  @Option(help: "Of whoever has this in their name: who caused it, wrote the commit, changed production.")
  var author: String?
  @Option(help: "About this resource or file, or a part of its name.")
  var resource: String?
  @Option(help: "About this field, or one below it.")
  var field: String?
  @Option(parsing: .singleValue, help: "Of this kind, such as release, drift or deployment.finished; may be repeated.")
  var kind: [String] = []
  @Option(help: "From this time on: 2026-03-01, or a time in RFC 3339.")
  var since: Timestamp?
  @Option(help: "Before this time.")
  var until: Timestamp?
  @Option(help: "That ended like this: verified, failed, healed, adopted, refused, …")
  var outcome: String?
  @Option(help: "Whose line has this in it.")
  var text: String?

  private struct Answer: Encodable {
    var environment: String
    var events: [Event]
    var next: String?
  }

  private var filter: EventFilter {
    var filter = EventFilter()
    (filter.author, filter.resource, filter.field) = (author, resource, field)
    (filter.kinds, filter.since, filter.until) = (Set(kind), since, until)
    (filter.outcome, filter.text) = (outcome, text)
    return filter
  }

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit is 0 or more") }
    if let after, Identifier(after) == nil { throw ValidationError("not an event's id: \(after.prefix(64))") }
  }

  func run() async throws {
    try await running {
      let context = try await shared.workspace().environment(environment)
      let query = EventQuery(
        filter, after: after.flatMap { Identifier($0) }, oldestFirst: reverse, limit: limit > 0 ? limit : nil)
      let page = try context.story(query)
      try output.print(Answer(environment: environment.string, events: page.events, next: page.next?.string)) {
        page.events.isEmpty
          ? nothing : page.events.map { "\($0.time)  \(EventMessage($0).headline)" }.joined(separator: "\n")
      }
      if let next = page.next, output.output == .text { Terminal.say("there is more: --after \(next)") }
    }
  }

  private var nothing: String {
    filter == EventFilter() && after == nil
      ? "\(environment) has no story yet" : "nothing in the story of \(environment) is like that"
  }
}
