public import MooringModel

extension SwitchLayout {
  /// Watches the link `current` and the folder of the release that it leads to, and follows it when it leads elsewhere.
  public func watch(_ rules: LookRules) async throws -> LiveWatch {
    watch(rules, WatchSettings())
  }

  func watch(_ rules: LookRules, _ settings: WatchSettings) -> LiveWatch {
    TargetWatch.begin(WatchedTarget(root: options.root, environment: nil, rules: rules), settings)
  }
}

extension InPlaceLayout {
  /// Watches the folders that Mooring made, those that the rules name, and of others the names in the inventory.
  public func watch(_ rules: LookRules) async throws -> LiveWatch {
    watch(rules, WatchSettings())
  }

  func watch(_ rules: LookRules, _ settings: WatchSettings) -> LiveWatch {
    TargetWatch.begin(WatchedTarget(root: options.root, environment: environment, rules: rules), settings)
  }
}
