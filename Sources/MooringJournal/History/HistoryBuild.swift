public import Git

/// What adding commits to a history index came to.
public struct HistoryBuild: Sendable, Hashable {
  /// Commits that were looked at, and those of them that changed inputs.
  public var looked = 0
  public var commits = 0
  /// Distinct files that were read for objects.
  public var filesRead = 0
  /// How long comparing trees and keeping their paths took, and how long finding and keeping resources.
  public var paths = Duration.zero
  public var resources = Duration.zero

  public init() {}

  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.looked += b.looked
    sum.commits += b.commits
    sum.filesRead += b.filesRead
    sum.paths += b.paths
    sum.resources += b.resources
    return sum
  }
}

extension HistoryIndex {
  /// Commits of one transaction: what an interruption loses at most.
  static let batch = 1_000

  /// Adds commits to a line, oldest first, batch by batch; each is there whole or not at all, and the next call goes on
  /// after the last one.
  ///
  /// - Parameter progress: Is told how many commits are done, of how many.
  /// - Throws: `Overtaken` where another process has added some meanwhile: look again where the line stands.
  public func add(
    _ steps: [Step], to line: Line, after reached: Progress, in repository: Repository,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> HistoryBuild {
    let follower = try TreeFollower(below: line.kind == .rendered ? ["."] : line.paths, in: repository)
    var writing = HistoryWriting(line: reached, repository: repository)
    var build = HistoryBuild()
    var start = steps.startIndex
    while start < steps.endIndex {
      try Task.checkCancellation()
      let batch = steps[start..<min(start + Self.batch, steps.endIndex)]
      build = try build + writing.add(batch, following: follower, to: self)
      start = batch.endIndex
      progress(start, steps.count)
    }
    return build
  }

  /// Another process has indexed the line further.
  public struct Overtaken: Error {}
}
