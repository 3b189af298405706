/// Which references of a remote go where: `[+]source:destination`, each with at most one `*` (gitglossary, refspec).
package struct Refspec: Hashable, Sendable {
  let allowsForce: Bool
  private let source: Pattern
  private let destination: Pattern

  private struct Pattern: Hashable {
    var prefix: String
    /// What follows the `*`; nil when there is none.
    var suffix: String?

    init(_ text: Substring) {
      let parts = text.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
      prefix = String(parts[0])
      suffix = parts.count > 1 ? String(parts[1]) : nil
    }

    var sample: String { suffix.map { prefix + "x" + $0 } ?? prefix }

    func match(_ name: String) -> Substring? {
      guard let suffix else { return name == prefix ? "" : nil }
      guard name.utf8.count > prefix.utf8.count + suffix.utf8.count, name.hasPrefix(prefix), name.hasSuffix(suffix)
      else { return nil }
      return name.dropFirst(prefix.count).dropLast(suffix.count)
    }

    func filled(with part: Substring) -> String {
      suffix.map { prefix + part + $0 } ?? prefix
    }
  }

  package init(_ text: String) throws(GitError) {
    let operation = "read the refspec \(text)"
    let isForced = text.hasPrefix("+")
    let sides = text.dropFirst(isForced ? 1 : 0).split(separator: ":", omittingEmptySubsequences: false)
    guard sides.count == 2 else {
      throw GitError(.invalid, "it must read SOURCE:DESTINATION", operation: operation)
    }
    allowsForce = isForced
    source = Pattern(sides[0])
    destination = Pattern(sides[1])
    guard (source.suffix == nil) == (destination.suffix == nil) else {
      throw GitError(.invalid, "both sides have a * or neither has", operation: operation)
    }
    for side in [source, destination] { try Repository.requireReferenceName(side.sample, operation) }
    guard destination.prefix.hasPrefix("refs/") else {
      throw GitError(.invalid, "the destination must be below refs/", operation: operation)
    }
  }

  /// The source's name when it is one reference and no pattern.
  var exactSource: String? { source.suffix == nil ? source.prefix : nil }

  /// Where a reference of the remote goes, or nil when it is not meant.
  package func destination(of name: String) -> String? {
    source.match(name).map { destination.filled(with: $0) }
  }

  /// Which reference of the remote a local one came from, or nil when it is none of this refspec's.
  package func source(of name: String) -> String? {
    destination.match(name).map { source.filled(with: $0) }
  }

  /// What all sources begin with; the source itself when it is no pattern.
  package var sourcePrefix: String { source.prefix }

  /// What all destinations begin with.
  package var destinationPrefix: String { destination.prefix }
}
