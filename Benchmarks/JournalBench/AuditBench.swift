import Foundation
import Git
import MooringJournal
import MooringModel

/// A journal as production writes it: of each ten events a release with its tree, a deployment with a gate, a drift with its
/// end, and notes. It is one environment's of a state directory that the program itself can open.
struct AuditBench: Sendable {
  var folder: String
  var events: Int
  /// Files of a release.
  private static let files = 200
  private static let environment = "production"

  func run() async throws {
    let path = folder + "/repositories/config.git"
    try FileManager.default.createDirectory(atPath: folder + "/repositories", withIntermediateDirectories: true)
    let repository = try Repository.create(bareAt: path)
    let journal = try await Journal(stateDirectory: folder, source: "bench/1")
    var story = Story(
      repository: repository, source: journal.source, environment: try EnvironmentName(Self.environment))
    var head = JournalHead()
    try story.begin(files: Self.files)
    head = try await journal.append([story.opening()], to: head, of: story.environment, in: repository)
    while head.state.eventCount < events {
      for entries in try story.round() {
        head = try await journal.append(entries, to: head, of: story.environment, in: repository)
      }
    }
    try repository.setReference("refs/remotes/origin/main", to: story.tip, expecting: nil, log: "bench")
    try await journal.checkpoint()
  }

  /// Packs as the watcher would.
  func pack() throws -> Int { try Repository.open(bareAt: folder + "/repositories/config.git").packLooseObjects() }
}

/// What happens, round by round.
private struct Story {
  let repository: Repository
  let source: String
  let environment: EnvironmentName
  private(set) var tip = ObjectID.zero
  private var files: [TreeEntry] = []
  private var number = 0
  private var digest: ReleaseDigest?
  private var clock = Int64(1_700_000_000_000)

  init(repository: Repository, source: String, environment: EnvironmentName) {
    (self.repository, self.source, self.environment) = (repository, source, environment)
  }

  mutating func begin(files count: Int) throws {
    files = try (0..<count).map { file in
      TreeEntry(name: "file-\(file).yaml", mode: .regular, id: try repository.writeBlob(Self.text(file, 0)))
    }
  }

  /// The first event keeps nothing alive.
  mutating func opening() -> JournalEntry { entry(.note(Note(text: "a bench"))) }

  private static func text(_ file: Int, _ version: Int) -> [UInt8] {
    Array(
      ("name: file-\(file)\nversion: \(version)\n" + (0..<20).map { "setting-\($0): value-\(file)-\($0)\n" }.joined())
        .utf8)
  }

  private mutating func entry(_ payload: Event.Payload) -> JournalEntry {
    clock += 1_000
    let time = Timestamp(milliseconds: clock)
    return JournalEntry(
      event: Event(
        id: Identifier(at: time), time: time, initiator: .watcher, source: source, environment: environment,
        payload: payload))
  }

  private func content(_ id: ObjectID) throws -> ContentID {
    guard let content = ContentID(bytes: id.bytes) else { throw CocoaError(.coderInvalidValue) }
    return content
  }

  /// Ten events, as they are appended.
  mutating func round() throws -> [[JournalEntry]] {
    number += 1
    let place = number % files.count
    files[place].id = try repository.writeBlob(Self.text(place, number))
    let tree = try repository.writeTree(files)
    let author = Signature(name: "Author \(number % 100)", email: "a@example.com", seconds: clock / 1000)
    tip = try repository.createCommit(
      tree: tree, parents: tip == .zero ? [] : [tip], author: author, committer: author, message: "Change \(number)\n")
    let release = Release(
      number: ReleaseNumber(number), revision: try content(tip), inputs: [try content(tree)],
      definition: Definition(renderer: "plain", version: 1, paths: ["."]), digest: try content(tree),
      summary: "Change \(number)", author: author.name, committed: Timestamp(milliseconds: clock))
    var released = entry(.release(release))
    (released.rendered, released.keeps) = (tree, [tip])
    let reference = ReleaseReference(number: release.number, revision: release.revision, digest: try content(tree))
    let deployment = Identifier(at: Timestamp(milliseconds: clock))
    let started = DeploymentStarted(
      deployment: deployment, trigger: .revision, release: reference,
      plan: Plan(from: digest, to: reference.digest, changes: [], steps: []))
    digest = reference.digest
    let drift = Drift(
      id: Identifier(at: Timestamp(milliseconds: clock + 1)),
      difference: Difference(
        object: ObjectName(path: "current/file-\(place).yaml".utf8), kind: .changed,
        fields: [FieldChange(.value, "version", old: "\(number)", new: "0")], fingerprint: "f\(number)"),
      attribution: Attribution(certainty: .certain, login: "ann", user: "root", program: "vim"))
    return [
      [released, entry(.deploymentStarted(started))],
      [
        entry(.gate(GateResult(deployment: deployment, gate: "http", passed: true, attempts: 1, milliseconds: 9))),
        entry(.deploymentFinished(DeploymentFinished(deployment: deployment, outcome: .verified, live: digest))),
      ],
      [entry(.driftDetected(DriftDetected([drift], release: reference)))],
      [entry(.driftResolved(DriftResolved([.init(id: drift.id, object: drift.object)], .healed)))],
      (0..<4).map { entry(.note(Note(text: "note \($0) of round \(number)"))) },
    ]
  }
}
