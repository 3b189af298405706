/// Findings as a SARIF log, which code hosts show at the lines of a change.
///
/// Format: [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
public struct SARIFLog: Encodable, Sendable {
  struct Text: Encodable { var text: String }

  struct Descriptor: Encodable {
    struct Configuration: Encodable { var level: String }
    var id: String
    var shortDescription: Text
    var help: Text
    var defaultConfiguration: Configuration
  }

  struct Driver: Encodable {
    var name = "Mooring"
    var version: String
    var rules: [Descriptor]
  }

  struct Tool: Encodable { var driver: Driver }

  struct Location: Encodable {
    struct Physical: Encodable {
      struct Artifact: Encodable {
        var uri: String
        var uriBaseId = "%SRCROOT%"
      }
      struct Region: Encodable { var startLine: Int }
      var artifactLocation: Artifact
      var region: Region?
    }
    struct Logical: Encodable { var fullyQualifiedName: String }
    var physicalLocation: Physical?
    var logicalLocations: [Logical]?
  }

  struct Suppression: Encodable {
    var kind = "external"
    var status = "accepted"
    var justification: String
  }

  struct Result: Encodable {
    var ruleId: String
    var ruleIndex: Int
    var level: String
    var message: Text
    var locations: [Location]
    var suppressions: [Suppression]?
  }

  struct Run: Encodable {
    var tool: Tool
    var columnKind = "unicodeCodePoints"
    var results: [Result]
  }

  private enum CodingKeys: String, CodingKey { case schema = "$schema", version, runs }

  private var schema = "https://json.schemastore.org/sarif-2.1.0.json"
  private var version = "2.1.0"
  private var runs: [Run]

  /// - Parameter version: The program's.
  public init(_ findings: [Finding], version: String) {
    let rules = Rule.allCases.map { rule in
      Descriptor(
        id: rule.rawValue, shortDescription: Text(text: rule.demand),
        help: Text(text: "To correct it: \(rule.remedy)."),
        defaultConfiguration: Descriptor.Configuration(level: Self.level(rule.severity)))
    }
    runs = [Run(tool: Tool(driver: Driver(version: version, rules: rules)), results: findings.map(Self.result))]
  }

  private static func result(_ finding: Finding) -> Result {
    Result(
      ruleId: finding.rule.rawValue, ruleIndex: Rule.allCases.firstIndex(of: finding.rule) ?? 0,
      level: level(finding.severity), message: Text(text: "\(finding.why); \(finding.fix)"),
      locations: location(finding.place).map { [$0] } ?? [],
      suppressions: finding.waived.map { [Suppression(justification: "\($0.reason) (until \($0.until))")] })
  }

  private static func level(_ severity: Severity) -> String {
    switch severity {
    case .off: "none"
    case .warning: "warning"
    case .error: "error"
    }
  }

  private static func location(_ place: Place) -> Location? {
    guard place.file != nil || place.field != nil else { return nil }
    // A file that a renderer made is none of the repository's: it has a name, and no lines that could be shown.
    let name = place.isRendered ? place.description : place.field
    return Location(
      physicalLocation: place.isRendered
        ? nil
        : place.file.map { file in
          Location.Physical(
            artifactLocation: Location.Physical.Artifact(uri: uri(file)),
            region: place.line.map { Location.Physical.Region(startLine: max($0, 1)) })
        }, logicalLocations: name.map { [Location.Logical(fullyQualifiedName: $0)] })
  }

  /// A path as a relative reference of RFC 3986.
  private static func uri(_ path: String) -> String {
    var uri = ""
    for byte in path.utf8 {
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._~/".utf8.contains(byte)
      uri += isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
    }
    return uri
  }
}
