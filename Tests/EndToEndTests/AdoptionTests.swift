import Foundation
import MooringTestSupport
import Testing

/// One field of a live file, taken into Git by command.
@Suite(.inTurn, .timeLimit(.minutes(5))) struct AdoptionTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var path: String
    var field: String
    var deployed: String
    /// What an editor replaces in the live file; the last pair is what is to be adopted.
    var live: [(String, String)]
    /// What a colleague has changed on the branch in the meantime.
    var branch: (String, String)

    var testDescription: String { path }
  }

  private static let filler = (0..<6).map { "# line \($0)\n" }.joined()

  static let examples = [
    Example(
      path: "a.yaml", field: "pool.size",
      deployed: "# v1\n\(filler)pool: # threads\n  size:   32  # per node\n  hosts: [a,  b]\n",
      live: [("[a,  b]", "[a, c]"), ("size:   32  # per node", "size: 64")], branch: ("# v1", "# v2, by a colleague")),
    Example(
      path: "a.json", field: "pool.size",
      deployed: "{\n  \"v\": 1,\n\(String(repeating: "\n", count: 6))  \"pool\" : {\"size\": 32, \"on\": true}\n}\n",
      live: [("true", "false"), ("32", "64")], branch: ("\"v\": 1", "\"v\": 2")),
    Example(
      path: "a.toml", field: "pool.size",
      deployed: "# v1\n\(filler)[pool] # threads\nsize   = 32   # per node\nhosts = [ 'a' ]\n",
      live: [("'a'", "'b'"), ("32", "64")], branch: ("# v1", "# v2, by a colleague")),
    Example(
      path: "a.env", field: "POOL_SIZE", deployed: "# v1\n\(filler)export POOL_SIZE='32'   # per node\nHOST=a\n",
      live: [("HOST=a", "HOST=b"), ("POOL_SIZE='32'", "POOL_SIZE='64'")], branch: ("# v1", "# v2, by a colleague")),
    Example(
      path: "a.ini", field: "pool.size", deployed: "; v1\n\(filler)[pool]\n; per node\nsize : 32\nhost = a\n",
      live: [("host = a", "host=b"), ("size : 32", "size : 64")], branch: ("; v1", "; v2, by a colleague")),
  ]

  @Test("exactly that field comes to the branch, which has moved on meanwhile", arguments: examples)
  func oneField(_ example: Example) async throws {
    let machine = try Machine([example.path: example.deployed])
    let synced = try await machine.mooring("sync", "production")
    #expect(synced.status == 0, "\(synced)")
    let file = machine.root + "/current/" + example.path
    var live = example.deployed
    for (old, new) in example.live { live = live.replacingOccurrences(of: old, with: new) }
    try live.write(toFile: file, atomically: false, encoding: .utf8)
    let branch = example.deployed.replacingOccurrences(of: example.branch.0, with: example.branch.1)
    try machine.push([example.path: branch])

    let answer = try await machine.mooring(
      "drift", "production", "--adopt", "--only", "\(example.path):\(example.field)")
    #expect(answer.status == 0, "\(answer)")
    try machine.pull()
    let adopted = try machine.author.tryGit(["show", "main:app/\(example.path)"]).output
    #expect(String(decoding: adopted, as: UTF8.self) == branch.replacingOccurrences(of: "32", with: "64"))
    #expect(try machine.author.git("log", "--format=%s", "main").hasPrefix("Adopt current/\(example.path)"))
  }

  @Test("a secret is not taken into Git, by its field or with its file") func secretsAreRefused() async throws {
    let deployed = "db:\n  user: a\n  password: old\n"
    let machine = try Machine(["db.yaml": deployed])
    try await machine.mooring("sync", "production")
    try "db:\n  user: b\n  password: hunter2\n".write(
      toFile: machine.root + "/current/db.yaml", atomically: false, encoding: .utf8)
    for only in [["--only", "db.yaml:db.password"], ["--only", "db.yaml"], []] {
      let answer = try await machine.mooring(["drift", "production", "--adopt"] + only)
      #expect(answer.status == 1 && answer.errors.contains("it holds secrets"), "\(answer)")
    }
    let other = try await machine.mooring("drift", "production", "--adopt", "--only", "db.yaml:db.user")
    #expect(other.status == 0, "\(other)")
    try machine.pull()
    #expect(try machine.author.git("show", "main:app/db.yaml") == "db:\n  user: b\n  password: old")
  }
}
