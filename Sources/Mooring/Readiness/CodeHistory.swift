import Git
import Migrations
import MooringModel
import Readiness

/// The code of the release that runs and of those before it, each file read once.
struct CodeHistory {
  /// How many states of the code are looked at, the running one among them.
  private static let states = 11
  /// Among so many commits.
  private static let commits = 1_000
  private static let mostFiles = 10_000

  let git: Repository
  /// Where code is.
  let folders: [String]
  /// Whether a file counts.
  let isCode: (String) -> Bool
  private var blobs: [ObjectID: [UInt8]?] = [:]

  init(_ git: Repository, _ folders: [String], where isCode: @escaping (String) -> Bool) {
    (self.git, self.folders, self.isCode) = (git, folders, isCode)
  }

  /// The newest first. Commits that left the code as it was are one state.
  mutating func applications(until base: ObjectID) throws -> [Change.Application] {
    var applications: [Change.Application] = []
    var last: [TreeEntry?]?
    for commit in try commits(until: base) {
      let entries = try folders.map { $0 == "." ? nil : try git.entry(at: $0, in: commit.tree) }
      if entries == last, !folders.contains(".") { continue }
      last = entries
      let label = applications.isEmpty ? "the release before" : "commit \(commit.id.hex.prefix(8))"
      applications.append(Change.Application(label: label, files: try files(of: commit.tree, entries)))
      guard applications.count < Self.states else { break }
    }
    return applications
  }

  /// As far as a clone has them.
  private func commits(until base: ObjectID) throws -> [Commit] {
    var commits: [Commit] = []
    try git.walkFirstParents(from: base) { commit in
      commits.append(commit)
      return commits.count < Self.commits && commit.parents.first.map { git.contains($0) } ?? false
    }
    return commits
  }

  private mutating func files(of tree: ObjectID, _ entries: [TreeEntry?]) throws -> [MigrationFile] {
    var files: [MigrationFile] = []
    for (folder, entry) in zip(folders, entries) {
      if folder == "." {
        try add(below: tree, "", to: &files)
      } else if let entry, entry.mode == .directory {
        try add(below: entry.id, folder + "/", to: &files)
      } else if let entry, let bytes = try bytes(entry), isCode(folder) {
        files.append(MigrationFile(path: folder, text: bytes))
      }
    }
    return files
  }

  private mutating func add(below tree: ObjectID, _ prefix: String, to files: inout [MigrationFile]) throws {
    var found: [(path: String, entry: TreeEntry)] = []
    try git.walkTree(tree) { folder, entry in
      if entry.mode != .directory { found.append((prefix + folder + entry.name, entry)) }
      return .descend
    }
    for (path, entry) in found where isCode(path) {
      guard let bytes = try bytes(entry) else { continue }
      guard files.count < Self.mostFiles else {
        throw Fault(
          .limit, "more than \(Self.mostFiles) files", at: prefix, remedy: "name fewer folders under `readiness`")
      }
      files.append(MigrationFile(path: path, text: bytes))
    }
  }

  /// `nil` for what is no text.
  private mutating func bytes(_ entry: TreeEntry) throws -> [UInt8]? {
    guard entry.mode == .regular || entry.mode == .executable else { return nil }
    if let known = blobs[entry.id] { return known }
    let isSmall = try git.blobSize(entry.id) <= ChangeReader.largestFile
    let bytes = isSmall ? try git.blob(entry.id) : []
    let text = isSmall && !bytes.prefix(8000).contains(0) ? bytes : nil
    blobs[entry.id] = .some(text)
    return text
  }
}
