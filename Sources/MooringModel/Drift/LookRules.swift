/// Which differences at a target are nobody's business.
public struct LookRules: Sendable, Hashable {
  /// The file of such rules at the top of a release.
  public static let fileName = ".mooringignore"
  /// Bytes of such a file.
  public static let fileLimit = 256 << 10
  /// Rules in such a file, and in a configuration.
  public static let ruleLimit = 1000

  /// What editors keep beside a file while it is open; only of files that Mooring didn't put there.
  public static let editors: [PathPattern] = [".*.sw?", "*~", ".#*", "#*#", "4913", ".*.un~", "*.kate-swp"].compactMap {
    try? PathPattern($0, at: "")
  }

  /// Objects that are not looked at.
  public var ignored: [PathPattern]
  /// Of the `inPlace` layout: folders that Mooring didn't make, in which files of others are reported all the same.
  public var watched: [RelativePath]

  public init(ignored: [PathPattern] = [], watched: [RelativePath] = []) {
    self.ignored = ignored
    self.watched = watched
  }

  /// Reads the content of a `.mooringignore`: a pattern a line, `#` begins a comment line.
  ///
  /// - Throws: `Fault` that names the line.
  public static func patterns(in bytes: [UInt8], at file: String = fileName) throws(Fault) -> [PathPattern] {
    let remedy = "correct it in the repository"
    guard bytes.count <= fileLimit, let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw Fault(.refusedContent, "not UTF-8 text of at most \(fileLimit) bytes", at: file, remedy: remedy)
    }
    var patterns: [PathPattern] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let pattern = line.trimmingPrefix { $0 == " " || $0 == "\t" }
      if pattern.isEmpty || pattern.hasPrefix("#") { continue }
      patterns.append(try PathPattern(pattern, at: "\(file):\(index + 1)"))
      guard patterns.count <= ruleLimit else {
        throw Fault(.refusedContent, "more than \(ruleLimit) rules", at: "\(file):\(index + 1)", remedy: remedy)
      }
    }
    return patterns
  }

  /// Whether nothing is said of this path. A folder that is ignored hides what is in it.
  ///
  /// - Parameters:
  ///   - path: Its components.
  ///   - isOurs: Whether Mooring put it there: what editors keep is ignored of others only.
  public func ignore(_ path: [[UInt8]], isFolder: Bool, isOurs: Bool) -> Bool {
    ignored.contains { $0.matches(path, isFolder: isFolder) || (isFolder && $0.matches(path, isFolder: false)) }
      || (!isOurs && Self.editors.contains { $0.matches(path, isFolder: false) })
  }
}
