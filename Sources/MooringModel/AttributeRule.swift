/// Attributes for the files that a pattern matches; of several rules that declare the same, the last holds.
public struct AttributeRule: Sendable, Hashable {
  /// The file of such rules at the top of a release; it is not deployed itself.
  public static let fileName = ".mooring-attributes"
  /// Bytes of such a file.
  public static let fileLimit = 256 << 10
  /// Rules in such a file.
  public static let ruleLimit = 1000

  public var pattern: PathPattern
  public var attributes: FileAttributes

  public init(pattern: PathPattern, attributes: FileAttributes) {
    self.pattern = pattern
    self.attributes = attributes
  }

  /// Reads `PATTERN mode=0640 owner=root group=www-data`.
  ///
  /// - Throws: `Fault` at `place`.
  public init(_ line: some StringProtocol, at place: String) throws(Fault) {
    let fields = line.split { $0 == " " || $0 == "\t" }
    guard let pattern = fields.first, fields.count > 1 else {
      throw Self.fault("a pattern and at least one attribute belong here, as in `*.key mode=0600`", place)
    }
    self.pattern = try PathPattern(pattern, at: place)
    attributes = FileAttributes()
    var seen: Set<Substring> = []
    for field in fields.dropFirst().map({ Substring($0) }) {
      guard let equals = field.firstIndex(of: "=") else {
        throw Self.fault("not `key=value`: \(String(field.prefix(40)).debugDescription)", place)
      }
      let key = field[..<equals]
      guard seen.insert(key).inserted else { throw Self.fault("`\(key)` is declared twice", place) }
      if let problem = attributes.set(key, to: field[field.index(after: equals)...]) {
        throw Self.fault(problem, place)
      }
    }
  }

  /// Reads the content of an attributes file: a rule a line, `#` begins a comment line.
  public static func rules(in bytes: [UInt8], at file: String = fileName) throws(Fault) -> [AttributeRule] {
    guard bytes.count <= fileLimit else { throw fault("larger than \(fileLimit) bytes", file) }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw fault("not UTF-8 text", file)
    }
    var rules: [AttributeRule] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      rules.append(try AttributeRule(trimmed, at: "\(file):\(index + 1)"))
      guard rules.count <= ruleLimit else { throw fault("more than \(ruleLimit) rules", "\(file):\(index + 1)") }
    }
    return rules
  }

  /// What the rules declare of a path together.
  public static func attributes(of path: [[UInt8]], isFolder: Bool, by rules: [AttributeRule]) -> FileAttributes {
    rules.reduce(into: FileAttributes()) { declared, rule in
      if rule.pattern.matches(path, isFolder: isFolder) { declared = declared.overridden(by: rule.attributes) }
    }
  }

  private static func fault(_ what: String, _ place: String) -> Fault {
    Fault(.refusedContent, what, at: place, remedy: "correct it in the repository")
  }
}
