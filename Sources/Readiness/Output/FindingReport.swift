public import MooringModel

/// Findings as they are written to JSON.
public struct FindingReport: Encodable, Sendable {
  public struct Item: Encodable, Sendable {
    public var rule: Rule
    public var severity: Severity
    public var file: String?
    public var line: Int?
    public var field: String?
    /// Whether the file is one that a renderer made; absent where it is one of the repository.
    public var isRendered: Bool?
    public var why: String
    public var fix: String
    /// Why it doesn't count, and until when.
    public var waived: Waived?
  }

  public struct Waived: Encodable, Sendable {
    public var reason: String
    public var until: Timestamp
  }

  public var findings: [Item]
  /// How many make the check fail.
  public var errors: Int
  public var warnings: Int

  public init(_ findings: [Finding]) {
    self.findings = findings.map { finding in
      Item(
        rule: finding.rule, severity: finding.severity, file: finding.place.file, line: finding.place.line,
        field: finding.place.field,
        isRendered: finding.place.isRendered ? true : nil, why: finding.why, fix: finding.fix,
        waived: finding.waived.map { Waived(reason: $0.reason, until: $0.until) })
    }
    errors = findings.count(where: \.counts)
    warnings = findings.count { $0.severity == .warning && $0.waived == nil }
  }
}

/// Findings as lines for people: `FILE:LINE: error[RULE] why; fix`.
public enum FindingText {
  public static func text(_ findings: [Finding]) -> String {
    findings.map(line).joined(separator: "\n")
  }

  public static func line(_ finding: Finding) -> String {
    let place = finding.place.description
    let start = place.isEmpty ? "" : place + ": "
    if let waived = finding.waived {
      return "\(start)waived[\(finding.rule.rawValue)] \(finding.why); until \(waived.until): \(waived.reason)"
    }
    return "\(start)\(finding.severity.rawValue)[\(finding.rule.rawValue)] \(finding.why); \(finding.fix)"
  }
}
