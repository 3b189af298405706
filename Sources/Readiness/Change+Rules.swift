import Migrations

extension Change {
  /// Everything that the rules find in it.
  ///
  /// - Parameter policy: Whose thresholds hold; its severities and waivers come later.
  public func findings(_ policy: ReadinessPolicy = ReadinessPolicy()) -> [Finding] {
    MigrationRules(change: self).findings + fileFindings
      + MixedChangeRules(change: self, thresholds: policy.thresholds).findings + renderingFindings
      + obstacles.map { Finding(.revertConflicts, at: Place(file: $0.file, field: $0.field), $0.why) }
      + backupFindings
  }

  /// Whether it takes something away that a release may need.
  public var takesAway: Bool {
    MigrationRules(change: self).findings.contains { Self.contractions.contains($0.rule) }
      || !RenamedKeyRules(change: self, files: files).findings.isEmpty
      || files != objects && !RenamedKeyRules(change: self, files: objects).findings.isEmpty
  }

  /// What in it a release from before can't live with.
  public var breaking: [Finding] {
    let rules = Self.rules(\.breaksEarlierRelease)
    return MigrationRules(change: self).findings.filter { rules.contains($0.rule) }
  }

  /// What in it takes something away that going back doesn't bring back, also where nothing needs it any more.
  public var destroying: [Finding] {
    let rules = Self.rules(\.destroys)
    return MigrationRules(change: self).hazards.filter { rules.contains($0.rule) }
      + ImmutableFieldRules(files: objects).findings.filter { $0.rule == .dataDestroyed }
  }

  /// The files in which objects are looked for: what the inputs become, where that is known.
  var objects: [File] { if case .made(let files) = rendering { files } else { files } }

  private static func rules(_ isMeant: (Hazard.Kind) -> Bool) -> Set<Rule> {
    Set(Hazard.Kind.allCases.filter(isMeant).compactMap { Rule(rawValue: $0.rawValue) })
  }

  private static let contractions = rules(\.isContraction)

  // MARK: Files

  /// What is rendered is judged as it is; in what it is made of, keys and interfaces alone.
  private var fileFindings: [Finding] {
    guard case .made(let rendered) = rendering else {
      return Self.objectFindings(files, replacedImages) + common(files)
    }
    let own = common(files)
    let known = Set(own.map { "\($0.rule) \($0.why)" })
    let made = Self.objectFindings(rendered, []) + common(rendered)
    return own
      + made.filter { !known.contains("\($0.rule) \($0.why)") }.map { finding in
        var finding = finding
        finding.place.isRendered = true
        return finding
      }
  }

  private static func objectFindings(_ files: [File], _ replaced: Set<String>) -> [Finding] {
    files.flatMap { ImageRules(replaced: replaced).findings(in: $0) } + ImmutableFieldRules(files: files).findings
  }

  private func common(_ files: [File]) -> [Finding] {
    InterfaceRules(files: files).findings + RenamedKeyRules(change: self, files: files).findings
  }

  private var renderingFindings: [Finding] {
    switch rendering {
    case nil, .made?: []
    case .refused(let why)?:
      [Finding(.inputsUnresolved, at: Place(), "the inputs make no release: \(why)")]
    case .unknown(let why)?:
      [Finding(.renderingUnknown, at: Place(), "what the inputs become isn't looked at: \(why)")]
    }
  }

  private var backupFindings: [Finding] {
    guard let backupProblem else { return [] }
    return [Standing.Backup(problem: backupProblem, destroyed: destroying).finding].compactMap { $0 }
  }
}
