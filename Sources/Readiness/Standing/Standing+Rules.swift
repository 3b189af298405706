extension Standing.Target {
  /// What stands in the way of going back to it.
  public var findings: [Finding] {
    var findings: [Finding] = []
    if !isStored {
      findings.append(Finding(.releaseMissing, at: Place(), "the tree of \(label) isn't whole in the repository"))
    }
    if let revertProblem {
      findings.append(Finding(.revertConflicts, at: Place(), "the revert to \(label) can't be made: \(revertProblem)"))
    }
    findings += images.compactMap(finding)
    return findings + migrations
  }

  private func finding(for image: Standing.Image) -> Finding? {
    switch image.state {
    case .present: return nil
    case .gone: return Finding(.imageGone, at: image.place, "image \(Self.short(image.text)) is gone")
    case .moved(let old, let new):
      return Finding(
        .imageMoved, at: image.place,
        "image \(image.text) is \(Self.short(new)) today, and was \(Self.short(old)) when \(label) was released")
    case .unknown(let why):
      return Finding(
        .imageUnknown, at: image.place, "nobody says whether image \(Self.short(image.text)) is there: \(why)")
    }
  }

  /// With the beginning of a digest, which is what a person compares.
  static func short(_ text: String) -> String {
    guard let colon = text.firstRange(of: "sha256:"), text[colon.upperBound...].count > 12 else { return text }
    return text[..<colon.upperBound] + text[colon.upperBound...].prefix(12) + "…"
  }
}

extension Standing {
  /// What concerns no single release.
  public var general: [Finding] {
    var findings: [Finding] = []
    if let rehearsal {
      if let problem = rehearsal.problem {
        findings.append(
          Finding(
            .neverRehearsed, at: Place(), "the last drill in \(rehearsal.environment), of \(rehearsal.at), \(problem)"))
      }
    } else {
      findings.append(Finding(.neverRehearsed, at: Place(), "going back was never rehearsed in \(environment)"))
    }
    if let finding = backup?.finding { findings.append(finding) }
    for (host, count) in unasked.sorted(by: { $0.key < $1.key }) {
      findings.append(
        Finding(
          .imageUnknown, at: Place(),
          "nobody asks \(host) whether its \(count) image\(count == 1 ? " is" : "s are") there"))
    }
    return findings
  }
}

extension Standing.Backup {
  /// That there is none, before something is destroyed.
  public var finding: Finding? {
    guard let problem, let first = destroyed.first else { return nil }
    let what = destroyed.prefix(3).map(\.why).joined(separator: "; ")
    return Finding(.backupMissing, at: first.place, "\(problem), and what comes next destroys: \(what)")
  }
}

/// Whether one can go back, and to what: findings of each release, as a policy judges them.
public struct ReadinessAnswer: Sendable {
  public struct Target: Sendable {
    public var label: String
    public var findings: [Finding]
    /// Whether nothing that counts stands in the way.
    public var isOpen: Bool { !findings.contains(where: \.counts) }
  }

  public var environment: String
  public var deployed: String?
  public var seconds: Double?
  public var rehearsal: Standing.Rehearsal?
  /// Newest first.
  public var targets: [Target]
  public var general: [Finding]

  /// - Parameter judge: A policy's judgement.
  public init(_ standing: Standing, judge: ([Finding]) -> [Finding]) {
    environment = standing.environment
    deployed = standing.deployed
    seconds = standing.seconds
    rehearsal = standing.rehearsal
    targets = standing.targets.map { Target(label: $0.label, findings: judge($0.findings)) }
    general = judge(standing.general)
  }

  public var findings: [Finding] {
    var seen: Set<Finding> = []
    return (targets.flatMap(\.findings) + general).filter { seen.insert($0).inserted }
  }

  /// Whether nothing that counts is wrong.
  public var isReady: Bool { !findings.contains(where: \.counts) && !targets.isEmpty }

  /// The answer in one line that a person can act on.
  public var line: String {
    guard deployed != nil else { return "\(environment): nothing is deployed, so there is nothing to go back from" }
    guard !targets.isEmpty else { return "\(environment): there is no earlier release to go back to" }
    var parts: [String] = []
    if let open = targets.first(where: \.isOpen) {
      parts.append("can roll back to \(open.label)\(seconds.map { " in about \(Self.time($0))" } ?? "")")
    } else {
      parts.append("can't roll back")
    }
    for target in targets where !target.isOpen {
      guard let first = target.findings.first(where: \.counts) else { continue }
      let more = target.findings.count(where: \.counts) - 1
      parts.append("\(target.label) can't: \(first.why)\(more > 0 ? " (and \(more) more)" : "")")
    }
    parts += general.filter(\.counts).map(\.why)
    return "\(environment): " + parts.joined(separator: "; ")
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 1 ? "1 s" : seconds < 120 ? "\(Int(seconds.rounded())) s" : "\(Int((seconds / 60).rounded())) min"
  }
}
