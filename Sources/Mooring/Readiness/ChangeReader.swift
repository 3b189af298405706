import Documents
import Git
import Migrations
import MooringModel
import Readiness

/// Reads what a change does to an environment's inputs out of Git, and no more than the rules will look at.
struct ChangeReader {
  /// Larger files hold no configuration.
  static let largestFile = 4 << 20
  /// Files of migrations in one folder.
  private static let mostFiles = 10_000

  let git: Repository
  let environment: EnvironmentConfiguration

  private var policy: ReadinessPolicy { environment.readiness }
  private var inputs: [String] { environment.definition.paths }

  /// - Parameters:
  ///   - base: `nil` for the very first commit.
  ///   - rendering: What the inputs become, where somebody looked.
  func change(from base: ObjectID?, to head: ObjectID, _ rendering: Change.Rendering? = nil) throws -> Change {
    let trees = (base: try base.map { try git.commit($0).tree }, head: try git.commit(head).tree)
    var change = Change()
    change.rendering = rendering
    var folders = Set(policy.migrations)
    var changed: [TreeChange] = []
    for item in try git.changes(from: trees.base, to: trees.head) where isInput(item.path) || isMigration(item.path) {
      if let folder = migrationFolder(of: item.path) { folders.insert(folder) } else { changed.append(item) }
    }
    change.files = try changed.map { try file($0) }
    change.migrating = try folders.sorted().compactMap { folder in
      let base = try trees.base.map { try files(in: folder, of: $0) } ?? []
      let head = try files(in: folder, of: trees.head)
      return base == head ? nil : Change.Migrating(base: base, head: head)
    }
    change.replacedImages = try replacedImages(in: trees.head)
    try addHistory(to: &change, base)
    return change
  }

  // MARK: Which paths

  private func isInput(_ path: String) -> Bool { inputs.contains { Self.isInside(path, $0) } }

  private func isMigration(_ path: String) -> Bool { policy.migrations.contains { Self.isInside(path, $0) } }

  private static func isInside(_ path: String, _ folder: String) -> Bool {
    folder == "." || path == folder || path.hasPrefix(folder + "/")
  }

  /// The folder of migrations that a file is in: a configured one, or one that tools call so.
  private func migrationFolder(of path: String) -> String? {
    if let folder = policy.migrations.first(where: { Self.isInside(path, $0) }) { return folder }
    let parts = path.split(separator: "/")
    let names: Set<Substring> = ["migrations", "migrate", "migration"]
    guard let last = parts.dropLast().lastIndex(where: { names.contains($0) }),
      [".sql", ".rb", ".py", ".js"].contains(where: { path.hasSuffix($0) })
    else { return nil }
    return parts[...last].joined(separator: "/")
  }

  // MARK: Files

  private func file(_ change: TreeChange) throws -> Change.File {
    Change.File(path: change.path, base: try bytes(change.old), head: try bytes(change.new))
  }

  private func bytes(_ entry: TreeEntry?) throws -> [UInt8]? {
    guard let entry, entry.mode == .regular || entry.mode == .executable else { return nil }
    guard try git.blobSize(entry.id) <= Self.largestFile else { return nil }
    return try git.blob(entry.id)
  }

  private func files(in folder: String, of tree: ObjectID) throws -> [MigrationFile] {
    if folder == "." { return try files(below: tree, prefix: "") }
    guard let entry = try git.entry(at: folder, in: tree) else { return [] }
    if entry.mode.isBlob { return try bytes(entry).map { [MigrationFile(path: folder, text: $0)] } ?? [] }
    guard entry.mode == .directory else { return [] }
    return try files(below: entry.id, prefix: folder + "/")
  }

  private func files(below tree: ObjectID, prefix: String) throws -> [MigrationFile] {
    var files: [MigrationFile] = []
    try git.walkTree(tree) { folder, entry in
      guard let bytes = try bytes(entry), !bytes.prefix(8000).contains(0) else { return .descend }
      guard files.count < Self.mostFiles else {
        throw Fault(
          .limit, "more than \(Self.mostFiles) files", at: prefix + folder,
          remedy: "name fewer folders under `readiness`")
      }
      files.append(MigrationFile(path: prefix + folder + entry.name, text: bytes))
      return .descend
    }
    return files
  }

  /// The images of all kustomizations among the inputs: what stands in the files that they change isn't what runs.
  private func replacedImages(in tree: ObjectID) throws -> Set<String> {
    guard environment.definition.renderer == "kustomize" else { return [] }
    var names: Set<String> = []
    try git.walkTree(tree) { folder, entry in
      let path = folder + entry.name
      guard entry.mode != .directory else { return inputs.contains { isAbove(path, $0) } ? .descend : .skip }
      guard isInput(path), entry.name.lowercased().hasPrefix("kustomization"), let bytes = try bytes(entry) else {
        return .skip
      }
      // One that can't be read is refused where it is rendered.
      do throws(DocumentError) { names.formUnion(try NamedImage.replaced(by: bytes)) } catch { return .skip }
      return .skip
    }
    return names
  }

  private func isAbove(_ folder: String, _ input: String) -> Bool {
    input == "." || Self.isInside(folder, input) || Self.isInside(input, folder)
  }

  // MARK: What ran before

  /// Who reads what migrations take away, and since when nobody does; only where they take something away.
  private func addHistory(to change: inout Change, _ base: ObjectID?) throws {
    guard let base, change.takesAway else { return }
    let new = change.migrating.flatMap { migrating in
      migrating.head.filter { !migrating.base.contains($0) }.map(\.text)
    }
    for text in new + change.files.compactMap(\.head) {
      for declaration in Declaration.all(in: text) {
        change.declared[declaration.since] = try isPast(declaration.since, base)
      }
    }
    var history = CodeHistory(git, inputs + policy.code) { migrationFolder(of: $0) == nil }
    do {
      change.applications = try history.applications(until: base)
    } catch let fault as Fault where fault.code == .limit && change.migrating.isEmpty {
      // Whoever renames a key among so many files is told that nobody looked.
      return
    }
  }

  /// Whether a commit is in what runs now; `nil` for what is no commit here.
  private func isPast(_ name: String, _ base: ObjectID) throws -> Bool? {
    guard let id = ObjectID(hex: name), try git.kind(of: id) == .commit else { return nil }
    return try git.isAncestor(id, of: base)
  }
}
