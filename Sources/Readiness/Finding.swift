public import MooringModel

/// How grave a finding is.
public enum Severity: String, Hashable, Sendable, CaseIterable, Codable, Comparable {
  /// It isn't looked for.
  case off
  /// A person should know.
  case warning
  /// The check isn't met.
  case error

  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .off: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// Where a finding is.
public struct Place: Hashable, Sendable, Codable, CustomStringConvertible {
  public var file: String?
  /// From 1.
  public var line: Int?
  /// A field of a document, or what else has a name: `orders.note`.
  public var field: String?
  /// Whether the file is one that a renderer made, and not one of the repository.
  public var isRendered = false

  public init(file: String? = nil, line: Int? = nil, field: String? = nil) {
    self.file = file
    self.line = line
    self.field = field
  }

  public var description: String {
    let start =
      (isRendered ? "rendered " : "") + [file, line.map(String.init)].compactMap { $0 }.joined(separator: ":")
    return [start.isEmpty ? nil : start, field].compactMap { $0 }.joined(separator: " ")
  }
}

/// Something that stands in the way of going back.
public struct Finding: Hashable, Sendable {
  public var rule: Rule
  public var severity: Severity
  public var place: Place
  /// What is wrong, in one clause.
  public var why: String
  /// What a person can do.
  public var fix: String
  /// Why it doesn't count.
  public var waived: Waiver?

  public init(_ rule: Rule, at place: Place, _ why: String, fix: String? = nil) {
    self.rule = rule
    severity = rule.severity
    self.place = place
    self.why = why
    self.fix = fix ?? rule.remedy
  }

  /// Whether it makes a check fail.
  public var counts: Bool { severity == .error && waived == nil }
}

/// A finding that doesn't count for a while, and why.
public struct Waiver: Hashable, Sendable {
  public var rule: Rule
  /// The file, or a field after a `:`; `nil` for everywhere.
  public var place: WaivedPlace?
  public var reason: String
  public var until: Timestamp

  public init(rule: Rule, place: WaivedPlace? = nil, reason: String, until: Timestamp) {
    self.rule = rule
    self.place = place
    self.reason = reason
    self.until = until
  }
}

/// `PATTERN` or `PATTERN:FIELD`: files as gitattributes names them, and a field exactly.
public struct WaivedPlace: Hashable, Sendable {
  private let pattern: PathPattern
  private let field: String?

  /// - Throws: `Fault`, for what is no pattern.
  public init(_ text: String, at place: String) throws(Fault) {
    let parts = text.split(separator: ":", maxSplits: 1)
    pattern = try PathPattern(parts.first ?? "", at: place)
    field = parts.count > 1 ? String(parts[1]) : nil
  }

  func covers(_ place: Place) -> Bool {
    guard let file = place.file else { return false }
    let components = file.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    return pattern.matches(components, isFolder: false) && (field == nil || field == place.field)
  }
}
