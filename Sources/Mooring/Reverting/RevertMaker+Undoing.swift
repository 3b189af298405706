import Git
import MooringModel

/// Undoing commits, and keeping what came after them.
extension RevertMaker {
  /// So many commits, or ranges of them, are undone at once.
  static let mostSpans = 100

  func undo(
    _ undoing: Undoing, _ request: RevertRequest, _ id: Identifier, on head: ObjectID, _ state: EnvironmentState,
    at now: Timestamp
  ) async throws -> Made {
    let headTree = try git.commit(head).tree
    let spans = try undoing.spans.map { try SpanTrees($0, on: head, git, repository.configuration.branch, environment) }
    let merged = try undo(spans, undoing, in: headTree)
    let names = undoing.spans.map(\.newest.short).joined(separator: ", ")
    guard merged.tree != headTree else {
      let part = undoing.part.description
      throw Fault(
        .state, "commit \(names) has nothing to undo in \(environment.name)\(part.isEmpty ? "" : " at \(part)")",
        remedy: "it changed nothing there, or has been undone already")
    }
    try checkShared(from: headTree, to: merged.tree, request)
    let rendered = try await render(merged.tree, state)
    let undone = try commits(of: spans)
    let made = try commit(
      merged.tree, on: head, message(undone, undoing, request, state), request, at: now, known: [headTree])
    let digest = try rendered.tree.content
    let known = state.verified.last { $0.release.digest == digest }?.release
    let to = ReleaseReference(
      number: nil, revision: try made.id.content, digest: digest, restores: known?.number ?? known?.restores)
    return Made(
      revert: RevertMade(
        id: id, request: request, from: state.deployed?.release, to: to, undone: try undone.map { try $0.id.content },
        revert: RevertCommit(commit: to.revision, on: try head.content), ranBefore: ranBefore(digest, state)),
      objects: made.objects + rendered.objects, byField: merged.byField)
  }

  private func message(
    _ undone: [Commit], _ undoing: Undoing, _ request: RevertRequest, _ state: EnvironmentState
  ) -> String {
    let message = RevertMessage(
      environment: environment.name, from: state.deployed?.release.label, to: nil, request: request, journal: journal)
    guard undone.count == 1, undoing.spans.count == 1 else { return message.several(undone) }
    return message.single(undone[0], mainline: undoing.spans[0].mainline)
  }

  /// Each commit that is undone, newest first.
  private func commits(of spans: [SpanTrees]) throws -> [Commit] {
    var seen: Set<ObjectID> = []
    var result: [Commit] = []
    for span in spans {
      for commit in try span.commits(git, environment.definition.paths) where seen.insert(commit.id).inserted {
        result.append(commit)
      }
    }
    return result
  }

  /// Undoes one span after the other, each in what the one before it left.
  private func undo(_ spans: [SpanTrees], _ undoing: Undoing, in headTree: ObjectID) throws -> TreeMerge.Merged {
    try checkPaths(undoing.part)
    var merged = TreeMerge.Merged(tree: headTree)
    let merge = TreeMerge(
      git: git, secrets: environment.secrets, part: undoing.part, decisions: undoing.decisions)
    for span in spans {
      let base = try inputs(of: span.newest, in: merged.tree)
      let theirs = try only(undoing.part.paths, of: inputs(of: span.before, in: merged.tree), in: base)
      switch try merge.merge(base: base, ours: merged.tree, theirs: theirs) {
      case .merged(let next):
        merged.tree = next.tree
        merged.used += next.used
        merged.byField += next.byField.filter { !merged.byField.contains($0) }
      case .conflicts(let conflicts): throw stop(conflicts, span)
      }
    }
    if let decision = undoing.decisions.first(where: { !merged.used.contains($0) }) {
      throw Fault(
        .usage, "\(decision.field) is not in conflict, and so there is nothing to take",
        remedy: "leave --take \(decision.side.rawValue) \(decision.field) out")
    }
    return merged
  }

  private func stop(_ conflicts: [RevertConflict], _ span: SpanTrees) -> RevertStopped {
    let fault = Fault(
      .conflict,
      "commit \(span.name) can't be undone by itself, since what it changed was changed again:\n"
        + RevertConflictTable(conflicts: conflicts).text,
      remedy:
        "decide on each with `--take base FIELD` (what it was before the commit) or `--take current FIELD` (what it"
        + " is now), or go back to a release as a whole with `--to vN`")
    return RevertStopped(conflicts: conflicts, fault: fault)
  }

  /// A tree with the environment's inputs from another one; an environment has no business with the rest.
  private func inputs(of tree: ObjectID?, in head: ObjectID) throws -> ObjectID {
    if environment.definition.paths == ["."] { return try tree ?? git.writeTree([]) }
    return try replacing(environment.definition.paths, of: tree, in: head)
  }

  private func only(_ paths: [RelativePath], of tree: ObjectID, in base: ObjectID) throws -> ObjectID {
    paths.isEmpty ? tree : try replacing(paths.map(\.string), of: tree, in: base)
  }

  private func replacing(_ paths: [String], of tree: ObjectID?, in other: ObjectID) throws -> ObjectID {
    try git.replacing(
      entriesAt: paths.map { path in (path: path, entry: try tree.flatMap { try git.entry(at: path, in: $0) }) },
      in: other)
  }

  private func checkPaths(_ part: RevertPart) throws {
    for path in part.paths.map(\.string) {
      let isInput = environment.definition.paths.contains { $0 == "." || path == $0 || path.hasPrefix($0 + "/") }
      guard !isInput else { continue }
      throw Fault(
        .usage, "\(path) is no input of \(environment.name)",
        remedy: "name a file or folder below \(environment.definition.paths.joined(separator: ", "))")
    }
  }
}
