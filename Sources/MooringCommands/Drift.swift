import ArgumentParser
import Mooring
import MooringJournal
import MooringModel

struct DriftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Show what was changed in production by hand, and settle it.",
    discussion: """
      Compares production with what was deployed last: fields, lines, attributes, files that came or went. Exits with 2
      when something differs. Three ways out: put it back, take it into Git, or declare that it isn't Mooring's.

      EXAMPLES
        mooring drift production
        mooring drift production --heal
        mooring drift production --heal --only current/app/config.yaml:worker.pool.size
        mooring drift production --adopt --only current/app/config.yaml:worker.pool.size --message "Larger pool for sale"
        mooring drift production --adopt --branch pool-size
        mooring drift production --ignore current/app/config.yaml:worker.debug --until 2026-12-01
        mooring drift production --explain current/app/config.yaml
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var output: OutputOptions
  @Argument(help: "The environment.")
  var environment: EnvironmentName
  @Flag(help: "Put production back as it was deployed.")
  var heal = false
  @Flag(help: "Commit the live values to the branch.")
  var adopt = false
  @Option(help: "Say nothing more of this object, or this field of it (PATH[:FIELD]).")
  var ignore: String?
  @Option(help: "Judge an ignored object, or a field of it, again.")
  var unignore: String?
  @Option(help: "Until when it is ignored: 2026-12-01, or a time in RFC 3339.")
  var until: String?
  @Option(help: "The branch to commit to, made where it is missing; otherwise the tracked one.")
  var branch: String?
  @Option(parsing: .singleValue, help: "This object alone, or one field of it (PATH[:FIELD]); may be repeated.")
  var only: [String] = []
  @Option(help: "The first line of the commit, or why it is ignored.")
  var message: String?
  @Option(help: "Say why an object is drift, or isn't (PATH; in a cluster PATH[:FIELD]).")
  var explain: String?
  @Flag(help: "Put back also while the environment is held.")
  var despiteHold = false

  func validate() throws {
    let acts = [heal, adopt, ignore != nil, unignore != nil, explain != nil].count { $0 }
    if acts > 1 { throw ValidationError("one of --heal, --adopt, --ignore, --unignore and --explain at a time") }
    if branch != nil, !adopt { throw ValidationError("--branch belongs to --adopt") }
    if until != nil, ignore == nil { throw ValidationError("--until belongs to --ignore") }
    if let until, Self.time(until) == nil {
      throw ValidationError("not a time: \(until); write it as 2026-12-01 or 2026-12-01T08:00:00Z")
    }
  }

  func run() async throws {
    try await running {
      let workspace = try await shared.workspace()
      let context = try workspace.environment(environment)
      if heal {
        try await act(.heal(healing(context)), workspace, context)
      } else if adopt {
        try await undeployed(workspace, context)
        try await act(.adopt(adoption(context)), workspace, context)
      } else if let ignored = ignored(context) {
        try await act(.ignore(ignored), workspace, context)
      } else if let explain {
        let part = Part(explain)
        print(Terminal.plain(try await context.explain(context.object(part.path), field: part.field)))
      } else {
        try await show(context)
      }
    }
  }

  // MARK: Showing

  private func show(_ context: EnvironmentContext) async throws {
    let report = try await context.drift(in: scope(context).map { .objects($0) } ?? .everything)
    try output.print(report) { DriftText(report).text }
    if !report.isClean { throw ExitCode(2) }
  }

  /// What the branch has and production hasn't: an adoption stands on it, and brings it along.
  private func undeployed(_ workspace: Workspace, _ context: EnvironmentContext) async throws {
    try await workspace.fetch(context.repository)
    let commits = try context.undeployed()
    guard !commits.isEmpty else { return }
    Terminal.say("on the branch, and not deployed yet:")
    for commit in commits.prefix(20) { Terminal.say("  \(commit)") }
  }

  // MARK: Acting

  private func act(_ request: Request, _ workspace: Workspace, _ context: EnvironmentContext) async throws {
    let report = try await workspace.settle(context, request, by: .operatorAtTerminal, observer: Storyteller.observer)
    guard let fault = report.refusals.first else { return }
    // The adoption stands, whatever keeps its release from being deployed at once.
    guard report.events.contains(where: { $0.payload.kind == "adopted" }) else { throw fault }
    Terminal.say("not deployed yet: \(fault)")
  }

  private func scope(_ context: EnvironmentContext) -> Set<ObjectName>? {
    only.isEmpty ? nil : Set(only.map { context.object(Part($0).path) })
  }

  private func healing(_ context: EnvironmentContext) -> HealRequest {
    let parts = only.map { (object: context.object(Part($0).path), field: Part($0).field) }
    let whole = Set(parts.filter { $0.field == nil }.map(\.object))
    var fields: [ObjectName: [String]] = [:]
    for part in parts where !whole.contains(part.object) { fields[part.object, default: []] += [part.field ?? ""] }
    return HealRequest(scope(context), fields: fields, by: .operatorAtTerminal, despiteHold: despiteHold)
  }

  private func adoption(_ context: EnvironmentContext) -> AdoptRequest {
    let parts = only.map { AdoptRequest.Part(object: context.object(Part($0).path), field: Part($0).field) }
    return AdoptRequest(parts.isEmpty ? nil : parts, branch: branch, message: message, by: .operatorAtTerminal)
  }

  private func ignored(_ context: EnvironmentContext) -> DriftIgnored? {
    guard let text = ignore ?? unignore else { return nil }
    let end = unignore == nil ? until.flatMap(Self.time) : Timestamp(milliseconds: 0)
    let part = Part(text)
    return DriftIgnored(object: context.object(part.path), field: part.field, until: end, reason: message)
  }

  /// A day alone ends with its beginning, in UTC.
  private static func time(_ text: String) -> Timestamp? {
    Timestamp(parsing: text) ?? Timestamp(parsing: text + "T00:00:00Z")
  }

  /// `PATH[:FIELD]`
  private struct Part {
    var path: String
    var field: String?

    init(_ text: String) {
      let colon = text.firstIndex(of: ":")
      path = colon.map { String(text[..<$0]) } ?? text
      field = colon.map { String(text[text.index(after: $0)...]) }
    }
  }
}
