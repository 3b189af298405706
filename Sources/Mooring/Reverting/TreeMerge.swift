import Documents
import Git
import MooringModel

/// Merges the trees of a revert: as Git does, and where Git stops or errs, by field. The same trees give the same tree.
struct TreeMerge {
  let git: Repository
  let secrets: SecretRules
  var part = RevertPart()
  var decisions: [RevertDecision] = []

  struct Merged {
    var tree: ObjectID
    /// Files that Git alone would have left to a person, or got wrong.
    var byField: [String] = []
    /// Decisions that something was decided by.
    var used: [RevertDecision] = []
  }

  enum Outcome {
    case merged(Merged)
    case conflicts([RevertConflict])
  }

  /// - Parameters:
  ///   - base: As the commit left it that is undone.
  ///   - ours: As it is now.
  ///   - theirs: As it was before the commit.
  /// - Throws: `Fault` where a decision fits several conflicts, or a field is changed in several places.
  func merge(base: ObjectID, ours: ObjectID, theirs: ObjectID) throws -> Outcome {
    let lines =
      try part.isWithinFiles ? PartialMerge(tree: ours, conflicts: []) : git.partialMerge(ours, theirs, base: base)
    let files = try MergedPaths(git, base: base, ours: ours, theirs: theirs, lines, all: part.isWithinFiles).paths
    var merged = Merged(tree: lines.tree)
    var conflicts: [RevertConflict] = []
    var edits: [(path: String, entry: TreeEntry?)] = []
    for path in files {
      let file = FileRevert(path, git: git, secrets: secrets, part: part, decisions: decisions)
      switch try file.outcome() {
      case .merged(let entry, let used):
        merged.used += used
        guard entry != path.merged || path.isConflict else { continue }
        if !part.isWithinFiles, used.isEmpty { merged.byField.append(path.path) }
        edits.append((path.path, entry))
      case .conflicts(let own): conflicts += own
      }
    }
    guard conflicts.isEmpty else { return .conflicts(conflicts) }
    if !edits.isEmpty { merged.tree = try git.replacing(entriesAt: edits, in: lines.tree) }
    try checkPlaces(from: ours, to: merged.tree)
    return .merged(merged)
  }

  /// A field alone is undone in one document: in which, somebody has to say.
  private func checkPlaces(from old: ObjectID, to new: ObjectID) throws {
    guard let field = part.field, part.resource == nil else { return }
    var places: [String] = []
    for change in try git.changes(from: old, to: new) {
      let bytes = try [change.old, change.new].map { try $0.map { try git.blob($0.id) } }
      guard case .fields(let documents) = differences(from: bytes[0], to: bytes[1], path: change.path).content else {
        continue
      }
      places += documents.map { $0.name.map { "\(change.path): \($0)" } ?? change.path }
    }
    guard places.count > 1 else { return }
    throw Fault(
      .usage, "\(field) would be undone in \(places.count) places: \(places.prefix(5).joined(separator: ", "))",
      remedy: "name one with --path or --resource")
  }
}
