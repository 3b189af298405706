import Documents
import Git
import MooringModel

/// Undoes what a commit changed in one file that was changed since.
struct FileRevert {
  /// Larger files are merged by line alone.
  static let largestRead = EnvironmentContext.largestCompared

  private let file: MergedPath
  private let git: Repository
  private let secrets: SecretRules
  private let part: RevertPart
  private let decisions: [RevertDecision]

  enum Outcome {
    case merged(TreeEntry?, used: [RevertDecision])
    case conflicts([RevertConflict])
  }

  init(_ file: MergedPath, git: Repository, secrets: SecretRules, part: RevertPart, decisions: [RevertDecision]) {
    (self.file, self.git, self.secrets) = (file, git, secrets)
    (self.part, self.decisions) = (part, decisions)
  }

  func outcome() throws -> Outcome {
    let hasAll = file.ours != nil && file.theirs != nil
    guard hasAll || part.isWithinFiles else {
      let since = file.ours == nil ? "it was removed since" : "the commit made it, and it was changed since"
      return try whole(file.base == nil ? "it was made on both sides" : since)
    }
    guard let merge = try fileMerge() else {
      return file.isConflict ? try whole("it is no file of at most \(Self.largestRead >> 20) MiB") : unchanged
    }
    let hasFields = merge.format != .text && merge.format != .binary
    if part.isWithinFiles, !hasFields { return unchanged }
    let text = try file.isConflict || part.isWithinFiles ? nil : file.merged.map { try git.blob($0.id) }
    switch merge.outcome(text: text) {
    case .merged(let bytes): return .merged(try entry(bytes), used: [])
    case .impossible(let problem): return try whole(hasFields ? problem : nil)
    case .conflicts(let found): return try settle(found, merge)
    }
  }

  private var unchanged: Outcome { .merged(file.merged, used: []) }

  /// Nil where a side is no regular file, or too large.
  private func fileMerge() throws -> FileMerge? {
    guard [file.merged, file.before].allSatisfy({ $0.map { [.regular, .executable].contains($0.mode) } ?? true }) else {
      return nil
    }
    let blobs = [file.base, file.ours, file.theirs]
    guard try blobs.allSatisfy({ try $0.map { try git.blobSize($0) <= Self.largestRead } ?? true }) else { return nil }
    let bytes = try blobs.map { try $0.map { try git.blob($0) } ?? [] }
    return FileMerge(
      base: bytes[0], ours: bytes[1], theirs: bytes[2],
      format: DocumentFormat.detect(path: file.path, bytes: file.ours == nil ? bytes[2] : bytes[1]),
      selection: MergeSelection(document: part.resource, field: part.field ?? .root))
  }

  private func entry(_ bytes: [UInt8]) throws -> TreeEntry? {
    if part.isWithinFiles, bytes.isEmpty { return nil }
    guard var entry = file.merged ?? file.before else { return nil }
    entry.id = try git.writeBlob(bytes)
    return entry
  }

  // MARK: Conflicts

  private func settle(_ found: [MergeConflict], _ merge: FileMerge) throws -> Outcome {
    let isSecret = merge.hasSecrets || secrets.hides(ObjectName(path: file.path.utf8), mode: nil)
    var sides: [MergeConflict: MergeSide] = [:]
    var used: [RevertDecision] = []
    var open: [RevertConflict] = []
    let shown = found.map { RevertConflict($0, in: file.path, isSecret: isSecret || secrets.hides($0)) }
    for (conflict, row) in zip(found, shown) {
      guard let decision = try decision(on: row, among: shown) else {
        open.append(row)
        continue
      }
      used.append(decision)
      sides[conflict] = decision.side == .base ? .theirs : .ours
    }
    guard open.isEmpty else { return .conflicts(open) }
    switch merge.outcome(choosing: { [sides] in sides[$0] }) {
    case .merged(let bytes): return .merged(try entry(bytes), used: used)
    case .impossible(let problem): return try whole(problem)
    case .conflicts(let rest):
      return .conflicts(rest.map { RevertConflict($0, in: file.path, isSecret: isSecret || secrets.hides($0)) })
    }
  }

  private func decision(on conflict: RevertConflict, among all: [RevertConflict]) throws -> RevertDecision? {
    guard let decision = decisions.last(where: { conflict.names.contains($0.field) }) else { return nil }
    guard all.count(where: { $0.names.contains(decision.field) }) == 1 else {
      throw Fault(
        .usage, "\(decision.field) is in conflict in several places of \(file.path)",
        remedy: "name one as RESOURCE:FIELD, as the table has it")
    }
    return decision
  }

  /// The file as a whole is in conflict, unless somebody has decided.
  private func whole(_ problem: String?) throws -> Outcome {
    if let decision = decisions.last(where: { $0.field == file.path }) {
      return .merged(decision.side == .base ? file.before : file.merged, used: [decision])
    }
    var conflict = RevertConflict(file: file.path, problem: problem)
    let marked = file.marked.map { Array($0.utf8) }
    conflict.isSecret =
      SecretSearch.findsOne(in: marked) || secrets.hides(ObjectName(path: file.path.utf8), mode: nil)
    if let text = file.marked, !conflict.isSecret {
      conflict.lines = ConflictText.lines(text).map { secrets.withoutSecrets(line: $0) }
    }
    return .conflicts([conflict])
  }
}

extension FileMerge {
  /// Whether any version holds a Kubernetes secret.
  fileprivate var hasSecrets: Bool { [base, ours, theirs].contains { SecretSearch.findsOne(in: $0) } }
}

extension SecretRules {
  /// Whether a field in conflict, or anything in it, is secret.
  fileprivate func hides(_ conflict: MergeConflict) -> Bool {
    hides(conflict.path)
      || [conflict.base, conflict.ours, conflict.theirs].contains { $0.map { withoutSecrets($0) != $0 } ?? false }
  }
}
