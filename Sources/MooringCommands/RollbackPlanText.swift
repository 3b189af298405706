import Mooring
import MooringModel

/// What a rollback would do, for people.
struct RollbackPlanText {
  let environment: EnvironmentName
  let preview: RollbackPreview

  var text: String {
    let target = preview.to.restores?.description ?? "a release that never ran before"
    let count = preview.undone.count
    let heading =
      "\(environment): \(preview.from?.label ?? "nothing") → \(target), undoes \(count) commit\(count == 1 ? "" : "s")"
    let merged = preview.byField.map { "  merged by field: \(Terminal.plainLine($0))" }
    let problem = preview.problem.map { ["! " + Terminal.plainLine("\($0)")] } ?? []
    let changes = ChangeText.text(preview.changes)
    let objects = (preview.objects ?? []).flatMap(PlanText.lines)
    let plan = preview.objects == nil ? [changes].filter { !$0.isEmpty } : objects
    return ([heading] + merged + problem + plan + preview.shared.map(shared)).joined(separator: "\n")
  }

  private func shared(_ plan: SharedPlan) -> String {
    let problem = plan.problem.map { ["! " + Terminal.plainLine($0)] } ?? []
    let changes = plan.changes.isEmpty && problem.isEmpty ? "no change" : ChangeText.text(plan.changes)
    return (["\(plan.environment) has some of these inputs too, and would get:"] + problem + [changes])
      .joined(separator: "\n")
  }
}
