import Mooring
import MooringModel

/// A report of drift for people: one line an object, its fields below it.
struct DriftText {
  let report: DriftReport

  init(_ report: DriftReport) { self.report = report }

  var text: String {
    var lines = report.items.flatMap(lines)
    lines += report.own.map { "= \($0) was written by a program that a deployment started" }
    lines += report.unseen.map { "? \($0): can't be looked at" }
    let count = report.items.count
    let what =
      switch count {
      case 0: "nothing differs"
      case 1: "1 object differs"
      default: "\(count) objects differ"
      }
    return (["\(report.environment): \(what) from \(report.release)"] + lines).joined(separator: "\n")
  }

  private func lines(_ item: DriftReport.Item) -> [String] {
    let sign = ["added": "+", "removed": "-"][item.kind] ?? "~"
    let when = (item.by.at ?? item.changed ?? item.since).map { " \($0)" } ?? ""
    let fate = item.fate.map { ", \($0) and not deployed yet" } ?? ""
    var lines = ["\(sign) \(item.object) by \(item.by)\(when)\(fate)"]
    if item.renamed != nil { lines.append("    \(item.summary)") }
    if item.renamed == nil { lines += ChangeText.lines(item.fields, more: 0) }
    lines += item.lines.map { "    \($0)" }
    if item.kind == "changed", item.fields.isEmpty, item.lines.isEmpty { lines.append("    \(item.summary)") }
    if item.more > 0 { lines.append("    and \(item.more) more") }
    return lines
  }
}
