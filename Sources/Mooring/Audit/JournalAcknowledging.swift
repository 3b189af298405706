import MooringJournal
public import MooringModel

extension Workspace {
  /// Records that a person knows of a head that the journal lacks, or that a union took in and that doesn't hold.
  ///
  /// - Parameters:
  ///   - prefix: The commit that a finding of ``verifyJournals(of:fetching:)`` is about: its id, or an unambiguous beginning.
  /// - Returns: The finding.
  public func acknowledge(
    _ prefix: String, of name: EnvironmentName, reason: String, by initiator: Initiator
  ) async throws -> AuditFinding {
    let report = try await verifyJournals(of: [name]).first
    let findings = (report?.findings ?? []).filter(\.canBeAcknowledged)
    let meant = findings.filter { $0.commit?.hasPrefix(prefix) ?? false }
    guard let finding = meant.first, let commit = finding.commit, Set(meant.map(\.commit)).count == 1,
      let head = ContentID(hex: commit)
    else {
      let known = findings.compactMap(\.commit).prefix(5).joined(separator: ", ")
      throw Fault(
        .notFound, "\(meant.isEmpty ? "nothing" : "more than one thing") that can be acknowledged is about \(prefix)",
        remedy: known.isEmpty ? "`mooring audit verify \(name)` says what doesn't hold" : "there is: \(known)")
    }
    _ = try await record(
      environment(name), .acknowledge(Acknowledged(head: head, reason: reason)), by: initiator
    ) { _ in }
    return finding
  }
}

extension AuditFinding {
  /// Marks of what was, or is said to have been, beside what stands in the journal now: that is no matter of opinion.
  var canBeAcknowledged: Bool {
    switch check {
    case .index, .anchor: commit != nil && event == nil
    case .remote, .union: commit != nil
    case .chain, .event, .order, .object, .signature: false
    }
  }
}
