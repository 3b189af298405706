/// What Kubernetes allows as a name, by place (kubernetes.io, "Object Names and IDs" and "Labels and Selectors";
/// `k8s.io/apimachinery/pkg/util/validation`).
public enum NameRule: Sendable, Hashable, CaseIterable {
  /// RFC 1123's subdomain: most objects, groups, and prefixes of labels and annotations. At most 253 bytes.
  case subdomain
  /// RFC 1123's label: namespaces. At most 63 bytes.
  case label
  /// RFC 1035's label: Services. At most 63 bytes, and a letter first.
  case letterFirstLabel
  /// What every name has to be, whatever its kind: fit to be one segment of a path. Roles may be called `system:node`.
  case pathSegment
  /// The part of a label's or annotation's key after the prefix. At most 63 bytes.
  case qualified
  /// A label's value: empty, or as `qualified`.
  case labelValue

  /// - Throws: what is wrong with the name.
  public func check(_ name: String) throws(NameError) {
    if let problem = problem(of: name) { throw NameError(name: name, problem: problem) }
  }

  private func problem(of name: String) -> String? {
    switch self {
    case .subdomain: Self.subdomainProblem(name)
    case .label: Self.labelProblem(name, limit: 63)
    case .letterFirstLabel: Self.labelProblem(name, limit: 63) ?? Self.firstLetterProblem(name)
    case .pathSegment: Self.segmentProblem(name)
    case .qualified: Self.qualifiedProblem(name)
    case .labelValue: name.isEmpty ? nil : Self.qualifiedProblem(name)
    }
  }

  private static func subdomainProblem(_ name: String) -> String? {
    if name.utf8.count > 253 { return "has more than 253 bytes" }
    for part in name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      if let problem = labelProblem(String(Substring(part)), limit: 253) { return problem }
    }
    return nil
  }

  private static func labelProblem(_ name: String, limit: Int) -> String? {
    guard let first = name.utf8.first, let last = name.utf8.last else { return "is empty, or a part of it is" }
    if name.utf8.count > limit { return "has more than \(limit) bytes" }
    guard name.utf8.allSatisfy({ isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }) else {
      return "may hold only a to z, 0 to 9, hyphens, and dots where those are allowed"
    }
    let hyphen = UInt8(ascii: "-")
    return first == hyphen || last == hyphen ? "must begin and end with a letter or a digit" : nil
  }

  private static func firstLetterProblem(_ name: String) -> String? {
    name.utf8.first.map(isLowercase) == true ? nil : "must begin with a letter"
  }

  private static func segmentProblem(_ name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name == "." || name == ".." { return "would lead to another place" }
    if name.utf8.count > 253 { return "has more than 253 bytes" }
    let isForbidden = name.utf8.contains {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") || $0 < 0x20 || $0 == 0x7F
    }
    return isForbidden ? "may hold no slash, per cent sign or control character" : nil
  }

  private static func qualifiedProblem(_ name: String) -> String? {
    guard let first = name.utf8.first, let last = name.utf8.last else { return "is empty" }
    if name.utf8.count > 63 { return "has more than 63 bytes" }
    guard isAlphanumeric(first), isAlphanumeric(last) else { return "must begin and end with a letter or a digit" }
    let isFit = name.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    return isFit ? nil : "may hold only letters, digits, hyphens, underscores and dots"
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
  private static func isLowercase(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLowercase(byte | 0x20) }
}

/// Why a text can't be a name.
public struct NameError: Error, Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// A clause that follows the name: `has more than 63 bytes`.
  public let problem: String

  public var description: String { "the name \(PlainText.quoted(name)) \(problem)" }
}
