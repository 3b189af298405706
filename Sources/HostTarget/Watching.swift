public import MooringModel

extension SwitchLayout {
  public func watch(_ rules: LookRules) async throws -> LiveWatch {
    LiveWatch(means: .scans(reason: "not watched"), changes: AsyncStream { $0.finish() })
  }
}

extension InPlaceLayout {
  public func watch(_ rules: LookRules) async throws -> LiveWatch {
    LiveWatch(means: .scans(reason: "not watched"), changes: AsyncStream { $0.finish() })
  }
}
