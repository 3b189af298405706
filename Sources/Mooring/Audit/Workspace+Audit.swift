public import MooringModel

extension Workspace {
  /// Verifies the journals of environments, one after the other; one that can't be verified keeps nobody from the next. Takes
  /// no lock and changes no journal.
  ///
  /// - Parameter fetches: Whether remotes are asked what they have now; nobody is otherwise.
  public func verifyJournals(
    of environments: [EnvironmentName], fetching fetches: Bool = false
  ) async throws -> [AuditVerification] {
    var reports: [AuditVerification] = []
    for name in environments {
      let context = try environment(name)
      do {
        reports.append(
          try await AuditVerifier(context: context, journal: configuration.journal, fetches: fetches).verify())
      } catch let error as CancellationError {
        throw error
      } catch {
        var report = AuditVerification(environment: name.string, holds: false)
        report.findings = [AuditFinding(.chain, "it can't be verified: \(error)")]
        reports.append(report)
      }
    }
    return reports
  }
}
