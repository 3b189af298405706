import Mooring
import MooringModel

/// A plan for people: one line an object or a file, its fields below it.
struct PlanText {
  let environment: EnvironmentName
  let plan: PlanPreview

  var text: String {
    if plan.isEmpty { return ([nothing] + (plan.objects ?? []).flatMap(Self.lines)).joined(separator: "\n") }
    let isOnlyDrift = plan.problem == nil && plan.objects?.allSatisfy { [.drift, .keep].contains($0.action) } ?? false
    let heading =
      isOnlyDrift
      ? "\(environment): nothing to deploy, and something was changed by hand"
      : "\(environment): \(plan.to.label) would change"
    guard let objects = plan.objects else { return heading + "\n" + ChangeText.text(plan.changes) }
    let problem = plan.problem.map { ["! " + Terminal.plainLine("nothing is deployed: \($0)")] } ?? []
    return ([heading] + problem + objects.flatMap(Self.lines)).joined(separator: "\n")
  }

  private var nothing: String {
    let runs = plan.from == plan.to.digest ? ", it runs \(plan.to.label)" : " in what runs, for \(plan.to.label)"
    return "\(environment): nothing to change" + runs
  }

  static func lines(_ object: PlannedObject) -> [String] {
    let reason = object.reason.map { ": \($0)" } ?? ""
    var lines = [Terminal.plainLine("\(sign(object.action)) \(object.object)\(words(object))\(reason)")]
    if let remedy = object.remedy { lines.append("    " + Terminal.plainLine(remedy)) }
    return lines + ChangeText.lines(object.fields, more: object.more)
  }

  private static func sign(_ action: ObjectPreview.Action) -> String {
    switch action {
    case .create: "+"
    case .delete: "-"
    case .keep: "="
    case .refuse: "!"
    case .run: ">"
    case .change, .replace, .drift: "~"
    }
  }

  private static func words(_ object: PlannedObject) -> String {
    let who = object.by.map { " by \($0)" } ?? ""
    return switch object.action {
    case .create, .delete: ""
    case .change: object.by == nil ? "" : "\(who), also changed by hand"
    case .replace: " is deleted and made again"
    case .keep: " stays"
    case .refuse: " would be refused"
    case .run: " runs"
    case .drift: "\(who), changed by hand, and stays so until it is healed or adopted"
    }
  }
}
