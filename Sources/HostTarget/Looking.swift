public import MooringModel

extension SwitchLayout {
  public func differences(
    from contents: any ReleaseContents, in scope: LookScope, _ rules: LookRules
  ) async throws -> LiveReport { LiveReport(differences: [], compared: 0) }

  public func read(_ object: ObjectName, limit: Int) async throws -> LiveContent? { nil }

  func restore(_ restorations: [Restoration], _ contents: any ReleaseContents) throws -> StepReport {
    StepReport(step: .restore, summary: "")
  }
}

extension InPlaceLayout {
  public func differences(
    from contents: any ReleaseContents, in scope: LookScope, _ rules: LookRules
  ) async throws -> LiveReport { LiveReport(differences: [], compared: 0) }

  public func read(_ object: ObjectName, limit: Int) async throws -> LiveContent? { nil }

  func restore(_ restorations: [Restoration], _ contents: any ReleaseContents) throws -> StepReport {
    StepReport(step: .restore, summary: "")
  }
}
