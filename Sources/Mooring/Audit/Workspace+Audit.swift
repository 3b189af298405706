public import MooringModel

extension Workspace {
  /// Verifies the journals of environments, one after the other. Takes no lock, asks nobody, and changes nothing.
  public func verifyJournals(of environments: [EnvironmentName]) async throws -> [AuditVerification] {
    var reports: [AuditVerification] = []
    for name in environments {
      reports.append(try await AuditVerifier(context: environment(name), journal: configuration.journal).verify())
    }
    return reports
  }
}
