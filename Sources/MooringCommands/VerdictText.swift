import MooringModel

/// Whether a rollback helped, as a person reads it.
struct VerdictText {
  let text: String

  init(_ given: VerdictGiven) {
    var lines = ["verdict: \(given.verdict.rawValue): \(Terminal.plainLine(given.why))"]
    for signal in given.signals {
      let numbers = signal.effect.map { ", effect \(($0 * 100).rounded() / 100)" } ?? ""
      lines.append(
        "  \(signal.sparkline)  \(Terminal.plainLine(signal.summary)) (\(signal.movement.rawValue)\(numbers))")
      if let problem = signal.problem { lines.append("    \(Terminal.plainLine(problem))") }
    }
    if given.verdict != .recovered {
      lines.append(
        given.meanwhile.isEmpty
          ? "  nothing else is known to have changed at that time" : "  what else changed at that time:")
      lines += given.meanwhile.map { change in
        let shared = change.sharedInputs.map { " (shares \($0.joined(separator: ", ")))" } ?? ""
        return "    \(change.at) \(change.environment)\(shared): \(Terminal.plainLine(change.what))"
      }
      if given.more > 0 { lines.append("    and \(given.more) more") }
    }
    text = lines.joined(separator: "\n")
  }
}
