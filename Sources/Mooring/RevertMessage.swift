import Git
import MooringModel

/// The message of a revert commit: Git's own words, and trailers that say what Mooring knows.
struct RevertMessage {
  let environment: EnvironmentName
  let from: String?
  let to: String?
  let request: RevertRequest
  /// The journal's head that it names.
  var journal: ObjectID?

  func single(_ commit: Commit, mainline: Int? = nil) -> String {
    Repository.revertMessage(for: commit, mainline: mainline).trimmingNewlines() + "\n\n" + evidence
      + trailers([commit])
  }

  /// One commit that undoes several, newest first.
  func several(_ commits: [Commit]) -> String {
    let list = commits.map { "\($0.id.hex) \($0.summary)" }.joined(separator: "\n")
    let title = to.map { "\(environment) to \($0)" } ?? "\(commits.count) commits of \(environment)"
    return "Revert \(title)\n\nThis reverts commits\n\(list)\n\n"
      + evidence + trailers(commits)
  }

  private func trailers(_ commits: [Commit]) -> String {
    var lines = ["Mooring-Environment: \(environment)"]
    if let from { lines.append("Mooring-From: \(from)") }
    if let to { lines.append("Mooring-To: \(to)") }
    lines += commits.map { "Mooring-Undoes: \($0.id.hex)" }
    if case .undo(let undoing) = request.scope, !undoing.part.description.isEmpty {
      lines.append("Mooring-Only: \(line(undoing.part.description))")
    }
    lines.append("Mooring-Reason: \(line(request.reason))")
    lines.append("Mooring-Operator: \(line(request.initiator.name))\(request.automatic ? " (automatic)" : "")")
    if let line = JournalTrailer.line(environment, journal) { lines.append(line) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What an automatic rollback is for: when it failed, and what its gates answered.
  private var evidence: String {
    guard let evidence = request.evidence else { return "" }
    let took = Self.seconds((evidence.failed - evidence.began) / .milliseconds(1))
    var lines = [
      "\(evidence.release.label) was deployed to \(environment) at \(evidence.began), and had failed \(took) later:"
    ]
    lines += evidence.gates.prefix(Self.mostGates).map(Self.answer(of:))
    if evidence.gates.allSatisfy(\.passed) { lines.append("- \(Notification.plain(evidence.detail ?? "it failed"))") }
    if evidence.gates.count > Self.mostGates {
      lines.append("- and \(evidence.gates.count - Self.mostGates) more gates")
    }
    return lines.joined(separator: "\n") + "\n\n"
  }

  private static let mostGates = 20

  private static func answer(of gate: GateResult) -> String {
    let tries = "\(gate.attempts) attempt\(gate.attempts == 1 ? "" : "s") in \(seconds(Double(gate.milliseconds)))"
    let name = Notification.plain(gate.gate)
    return gate.passed
      ? "- gate \(name) held (\(tries))"
      : "- gate \(name) failed: \(Notification.plain(gate.detail ?? "no detail")) (\(tries))"
  }

  private static func seconds(_ milliseconds: Double) -> String { "\((milliseconds / 100).rounded() / 10) s" }

  private func line(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension String {
  fileprivate func trimmingNewlines() -> Substring {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}

/// Conflicts as a person reads them.
enum ConflictText {
  /// At most 40 lines between conflict markers, with the markers.
  static func lines(_ text: String) -> [String] {
    hunks(text.split(separator: "\n", omittingEmptySubsequences: false)).prefix(40).map(String.init)
  }

  private static func hunks(_ lines: [Substring]) -> [Substring] {
    var inside = false
    return lines.filter { line in
      if line.hasPrefix("<<<<<<<") { inside = true }
      defer { if line.hasPrefix(">>>>>>>") { inside = false } }
      return inside
    }
  }
}
