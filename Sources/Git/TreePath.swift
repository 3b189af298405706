/// A path inside a tree, taken apart and checked: no empty, `.`, `..` or `.git` component, nothing absolute, no NUL.
struct TreePath: Hashable, Sendable {
  let components: [[UInt8]]

  /// Deeper trees than this are refused instead of followed.
  static let deepest = 512

  init(_ path: String, for operation: @autoclosure () -> String) throws(GitError) {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
    guard parts.count <= Self.deepest else {
      throw GitError(.invalid, "the path has more than \(Self.deepest) components", operation: operation())
    }
    for part in parts {
      guard let reason = Self.objection(toName: part) else { continue }
      throw GitError(.invalid, "the path \(path.debugDescription) \(reason)", operation: operation())
    }
    components = parts
  }

  /// Why a name can't be an entry of a tree that we write, or nil when it can.
  static func objection(toName name: [UInt8]) -> String? {
    if name.isEmpty { return "has an empty component" }
    if name.contains(0) { return "contains NUL" }
    if name.contains(UInt8(ascii: "/")) { return "has a slash in a name" }
    if name == [0x2e] || name == [0x2e, 0x2e] { return "has a component . or .." }
    if String(decoding: name, as: UTF8.self).lowercased() == ".git" { return "names Git's own folder" }
    return nil
  }
}
