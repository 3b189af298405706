/// A glob over paths as in gitattributes: without a `/` it matches names anywhere; with one, paths from the top. `*` and
/// `?` match within a name, `**` as a whole component matches any number of folders. A `/` at the end makes it match
/// folders, which it doesn't otherwise.
///
/// Format: [gitattributes](https://git-scm.com/docs/gitattributes), [gitignore](https://git-scm.com/docs/gitignore),
/// without `[…]`, `\` and `!`, which are refused. Matching takes time proportional to pattern times path.
public struct PathPattern: Sendable, Hashable, CustomStringConvertible {
  /// Bytes of a pattern.
  public static let limit = 1024

  public let description: String
  private let components: [[UInt8]]
  private let isForFolders: Bool

  /// - Throws: `Fault` at `place`.
  public init(_ text: some StringProtocol, at place: String) throws(Fault) {
    description = String(text)
    var bytes = Array(text.utf8)
    let problem = Self.problem(with: bytes)
    isForFolders = bytes.last == UInt8(ascii: "/")
    if isForFolders { bytes.removeLast() }
    let isAnchored = bytes.contains(UInt8(ascii: "/"))
    if bytes.first == UInt8(ascii: "/") { bytes.removeFirst() }
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
    let isHollow = parts.contains { $0.isEmpty || $0 == Array(".".utf8) || $0 == Array("..".utf8) }
    if let problem = problem ?? (isHollow ? "it has an empty component, `.` or `..`" : nil) {
      throw Fault(
        .refusedContent, "not a pattern: \(problem)", at: place, remedy: "write it as in `*.key` or `nginx/**/*.conf`")
    }
    components = isAnchored ? parts : [Self.any] + parts
  }

  private static let any = Array("**".utf8)

  private static func problem(with bytes: [UInt8]) -> String? {
    if bytes.isEmpty { return "it is empty" }
    if bytes.count > limit { return "it is longer than \(limit) bytes" }
    if let byte = bytes.first(where: { "[]\\\"".utf8.contains($0) }) {
      return "`\(Character(UnicodeScalar(byte)))` has no meaning here"
    }
    return bytes.first == UInt8(ascii: "!") ? "`!` has no meaning here" : nil
  }

  /// - Parameter path: Its components.
  public func matches(_ path: [[UInt8]], isFolder: Bool) -> Bool {
    guard isFolder == isForFolders else { return false }
    // Which beginnings of the path are matched by the pattern's components so far.
    var reached = [true] + [Bool](repeating: false, count: path.count)
    for component in components {
      var next = [Bool](repeating: false, count: path.count + 1)
      if component == Self.any {
        var isReached = false
        for index in reached.indices {
          isReached = isReached || reached[index]
          next[index] = isReached
        }
      } else {
        for index in path.indices where reached[index] { next[index + 1] = Self.matches(component, path[index]) }
      }
      reached = next
    }
    return reached[path.count]
  }

  /// With one place to come back to, since only the last `*` ever has to be tried again.
  private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var (index, at) = (0, 0)
    var star: (pattern: Int, name: Int)?
    while at < name.count {
      if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
        star = (index, at)
        index += 1
      } else if index < pattern.count, pattern[index] == UInt8(ascii: "?") || pattern[index] == name[at] {
        index += 1
        at += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        (index, at) = (last.pattern + 1, last.name + 1)
      } else {
        return false
      }
    }
    return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
