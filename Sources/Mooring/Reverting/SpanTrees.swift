import Git
import MooringModel

/// Commits that are undone in one go: the trees before and after them.
struct SpanTrees {
  let span: Undoing.Span
  let newest: ObjectID
  /// Nil for the first commit of all.
  let before: ObjectID?

  /// - Throws: `Fault` when they aren't on the branch.
  init(
    _ span: Undoing.Span, on head: ObjectID, _ git: Repository, _ branch: String,
    _ environment: EnvironmentConfiguration
  ) throws {
    self.span = span
    newest = try span.newest.object
    for commit in try [newest, span.after?.object].compactMap({ $0 }) {
      guard try git.kind(of: commit) == .commit, try git.isAncestor(commit, of: head) else {
        throw Fault(
          .notFound, "commit \(commit) is not on the branch", at: branch,
          remedy: "`mooring releases \(environment.name)` names the commits of its releases")
      }
    }
    if let after = try span.after?.object {
      guard try Self.isFirstParent(after, of: newest, git) else {
        throw Fault(
          .usage, "\(span.newest.short) doesn't lead back to \(after.hex.prefix(8)) by its first parents",
          remedy: "name a range of the branch itself, or single commits")
      }
      before = after
    } else {
      before = try Self.parent(of: git.commit(newest), span.mainline)
    }
  }

  var name: String { span.after.map { "\($0.short)..\(span.newest.short)" } ?? span.newest.short }

  private static func isFirstParent(_ ancestor: ObjectID, of commit: ObjectID, _ git: Repository) throws -> Bool {
    guard try ancestor != commit && git.isAncestor(ancestor, of: commit) else { return false }
    var isFound = false
    try git.walkFirstParents(from: commit) { commit in
      isFound = commit.id == ancestor
      return !isFound
    }
    return isFound
  }

  private static func parent(of commit: Commit, _ mainline: Int?) throws -> ObjectID? {
    guard let mainline else { return commit.parents.first }
    guard commit.parents.indices.contains(mainline - 1) else {
      throw Fault(
        .usage, "commit \(commit.id.hex.prefix(8)) has \(commit.parents.count) parents, and no number \(mainline)",
        remedy: "leave --mainline out to keep the branch that it was merged into")
    }
    return commit.parents[mainline - 1]
  }

  /// The commits, newest first; of a range those that changed the inputs.
  func commits(_ git: Repository, _ paths: [String]) throws -> [Commit] {
    guard span.after != nil else { return [try git.commit(newest)] }
    return try git.changesOfInputs(firstParentsFrom: newest, until: before, paths: paths).reversed()
      .map { try git.commit($0.commit) }
  }
}
