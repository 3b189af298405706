import Foundation
import MooringTestSupport
import Processes

/// A machine in a temporary folder: a remote, a clone to write commits in, a configuration, a state directory and a root,
/// on which the built program is called.
final class Machine: Sendable {
  let folder: TemporaryFolder
  /// The bare repository that the program follows.
  let remote: GitFixture
  /// Where commits are written before they are pushed.
  let author: GitFixture

  var root: String { folder["root"] }
  var state: String { folder["state"] }
  var configuration: String { folder["mooring.yaml"] }

  /// The program that was built beside the tests.
  static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "mooring").path

  init() throws {
    folder = try TemporaryFolder("mooring-e2e")
    remote = try GitFixture(bare: true)
    author = try GitFixture()
    try configure()
  }

  /// A machine whose remote has one commit with these files below `app/`.
  convenience init(_ files: [String: String?]) throws {
    self.init(try Machine())
    try push(files)
  }

  private init(_ other: Machine) {
    (folder, remote, author) = (other.folder, other.remote, other.author)
  }

  // MARK: Configuration

  /// Writes `mooring.yaml`: each argument is lines that stand beside what every machine has. With lines for a cluster that
  /// is the target, and not the host.
  func configure(
    url: String? = nil, repository: [String] = [], host: [String] = [], kubernetes: [String] = [],
    environment: [String] = [], others: String = "", root: String? = nil, path: String = "app",
    journal: String = "{ push: true }"
  ) throws {
    func lines(_ lines: [String], _ indent: Int) -> String {
      lines.map { String(repeating: " ", count: indent) + $0 + "\n" }.joined()
    }
    let text = """
      repositories:
        config:
          url: \(url ?? remote.path)
          poll: 200ms
      \(lines(repository, 4))
      environments:
        production:
          repository: config
          path: \(path)
          target:
      \(lines(kubernetes.isEmpty ? ["host:", "  root: \(root ?? self.root)"] : ["kubernetes:"], 6))
      \(lines(kubernetes.isEmpty ? host : kubernetes, 8))
      \(lines(environment, 4))
      \(others)
      journal: \(journal)

      """
    try folder.write(text, to: "mooring.yaml")
  }

  /// Another environment, to be given to `configure` among others.
  func environment(_ name: String, path: String, _ more: [String] = []) -> String {
    """
      \(name):
        repository: config
        path: \(path)
        target: { host: { root: \(folder["root-\(name)"]) } }
    \(more.map { "    " + $0 + "\n" }.joined())
    """
  }

  // MARK: Commits

  /// Commits files below `app/` (nil deletes one) and pushes the branch.
  func push(_ files: [String: String?], _ message: String = "Change", force: Bool = false) throws {
    try author.commit(message, files: Dictionary(uniqueKeysWithValues: files.map { ("app/" + $0, $1) }))
    try publish(force: force)
  }

  /// Pushes the branch of the clone.
  func publish(force: Bool = false) throws {
    try author.git(["push", "--quiet"] + (force ? ["--force"] : []) + [remote.path, "main"])
  }

  /// Brings what Mooring pushed into the clone.
  func pull() throws {
    try author.git("fetch", "--quiet", remote.path, "main")
    try author.git("reset", "--quiet", "--hard", "FETCH_HEAD")
  }

  /// Commits a tree that git itself would not check out, with `app` as the tree that `mktree` makes of these lines.
  func push(tree lines: [UInt8], _ message: String = "Change") throws {
    let app = try author.git("mktree", "--missing", "-z", input: lines)
    let top = try author.git("mktree", input: Array("040000 tree \(app)\tapp\n".utf8))
    let parent = try author.tryGit(["rev-parse", "--verify", "--quiet", "main"])
    let parents = parent.status == 0 ? ["-p", "main"] : []
    let commit = try author.git(["commit-tree", "-m", message] + parents + [top])
    try author.git("update-ref", "refs/heads/main", commit)
    try author.git("-c", "transfer.fsckObjects=false", "push", "--quiet", remote.path, "main")
  }

  func blob(_ text: String) throws -> String {
    try author.git("hash-object", "-w", "--stdin", input: Array(text.utf8))
  }

  // MARK: The program

  struct Answer: CustomStringConvertible {
    var status: Int32?
    var output: String
    var errors: String

    var description: String { "exit \(status.map(String.init) ?? "none")\n\(output)\n\(errors)" }

    /// The output as JSON.
    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// Calls the program and waits for its end.
  @discardableResult
  func mooring(_ arguments: String..., state: String? = nil, within limit: Duration = .seconds(60)) async throws
    -> Answer
  {
    try await mooring(arguments, state: state, within: limit)
  }

  @discardableResult
  func mooring(
    _ arguments: [String], state: String? = nil, adding more: [String: String] = [:],
    within limit: Duration = .seconds(60)
  ) async throws -> Answer {
    let lines = LineLog()
    let outcome = try await run(
      Program(
        [Self.program] + arguments, directory: folder.path,
        environment: environment(state: state).merging(more) { _, more in more }, timeLimit: limit,
        outputLimit: 1 << 20), input: []
    ) { lines.append($0) }
    var status: Int32?
    if case .exited(let code) = outcome.termination { status = code }
    return Answer(
      status: status, output: lines.all.joined(separator: "\n"),
      errors: outcome.output.trimmingCharacters(in: .newlines))
  }

  func environment(state: String? = nil) -> [String: String] {
    Program.scrubbed(adding: ["MOORING_CONFIG": configuration, "MOORING_STATE": state ?? self.state])
  }

  // MARK: What came of it

  /// A file as production has it; nil where it has none.
  func live(_ path: String, root: String? = nil) throws -> String? {
    let file = (root ?? self.root) + "/current/" + path
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    return String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
  }

  /// Changes a file below the machine's folder as an editor does that puts a new one in its place.
  func change(_ path: String, to text: String) throws {
    let place = URL(filePath: folder[path]).resolvingSymlinksInPath()
    let folder = place.deletingLastPathComponent().path
    let modes = try [place.path, folder].map { try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    try FileManager.default.removeItem(at: place)
    try Data(text.utf8).write(to: place)
    for (path, mode) in zip([place.path, folder], modes) {
      try FileManager.default.setAttributes([.posixPermissions: mode ?? 0o555], ofItemAtPath: path)
    }
  }

  func status() async throws -> [String: Any] {
    let answer = try await mooring("status", "production", "--output", "json")
    return (try answer.json()["environments"] as? [[String: Any]])?.first ?? [:]
  }

  /// What the story holds, oldest first.
  func story() async throws -> String {
    try await mooring("log", "production", "--reverse", "--limit", "0").output
  }

  /// All references of the local repository and of the remote, with what they name.
  func references() throws -> String {
    let local = try author.git("ls-remote", state + "/repositories/config.git")
    return try local + "\n" + author.git("ls-remote", remote.path)
  }

  /// Git's own opinion of the local repository and of the remote: empty when they are sound.
  func fsck() throws -> String {
    var problems = ""
    for path in [state + "/repositories/config.git", remote.path] {
      let run = try author.tryGit(["--git-dir", path, "fsck", "--strict", "--no-dangling", "--no-progress"])
      if run.status != 0 { problems += "\(path): \(run.errors)\(String(decoding: run.output, as: UTF8.self))\n" }
    }
    return problems
  }
}
