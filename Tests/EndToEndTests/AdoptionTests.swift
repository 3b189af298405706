import Foundation
import Glibc
import MooringTestSupport
import Testing

/// One field of a live file, taken into Git by command.
@Suite(.inTurn) struct AdoptionTests {
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

  @Test("a field beside which a colleague has changed another comes to the branch, too")
  func neighbours() async throws {
    let machine = try Machine(["a.yaml": "a: 1\nb: 1\n"])
    try await machine.mooring("sync", "production").expect(0)
    try "a: 5\nb: 1\n".write(toFile: machine.root + "/current/a.yaml", atomically: false, encoding: .utf8)
    try machine.push(["a.yaml": "a: 1\nb: 2\n"])
    try await machine.mooring("drift", "production", "--adopt", "--only", "a.yaml").expect(0)
    try machine.pull()
    #expect(try machine.author.git("show", "main:app/a.yaml") == "a: 5\nb: 2")
  }

  @Test("a field that a colleague has changed as well is shown with its three values, and no secret beside it")
  func conflicts() async throws {
    let machine = try Machine(["a.yaml": "password: old\na: 1\n"])
    try await machine.mooring("sync", "production").expect(0)
    try "password: old\na: 5\n".write(toFile: machine.root + "/current/a.yaml", atomically: false, encoding: .utf8)
    try machine.push(["a.yaml": "password: hunter2\na: 2\n"])
    let answer = try await machine.mooring("drift", "production", "--adopt", "--only", "a.yaml:a").expect(1)
    #expect(answer.errors.contains("live  branch  deployed"), "\(answer)")
    #expect(answer.errors.contains("a      5     2       1"), "\(answer)")
    #expect(!answer.description.contains("hunter2"), "\(answer)")
  }

  @Test("onto another branch, for a review, time and again, and the tracked one stays as it is")
  func branch() async throws {
    let machine = try Machine(["a.yaml": "size: 1\n", "b.yaml": "size: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let main = try machine.remote.git("rev-parse", "main")
    for file in ["a.yaml", "b.yaml"] {
      try "size: 2\n".write(toFile: machine.root + "/current/" + file, atomically: false, encoding: .utf8)
      let answer = try await machine.mooring("drift", "production", "--adopt", "--branch", "larger", "--only", file)
      #expect(answer.status == 0 && answer.errors.contains("adopted into larger"), "\(answer)")
    }
    #expect(try machine.remote.git("rev-parse", "main") == main)
    #expect(try machine.remote.git("rev-parse", "larger~2") == main)
    #expect(try machine.remote.git("show", "larger:app/a.yaml", "larger:app/b.yaml") == "size: 2\nsize: 2")
    let drift = try await machine.mooring("drift", "production")
    #expect(drift.status == 0 && drift.output.contains("adopted and not deployed yet"), "\(drift)")
  }

  @Test("modes and owners are declared in the attributes file, and no other line of it changes")
  func attributes() async throws {
    let machine = try Machine([
      ".mooring-attributes": "# ours\n/app.conf   mode=0644 # of the app\n".replacing(" # of the app", with: ""),
      "app.conf": "a = 1\n", "run.sh": "#!/bin/sh\n", "d/x": "x\n", "b.yaml": "a: 1\n",
    ])
    try machine.configure(host: ["layout: inPlace"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    chmod(machine.root + "/app.conf", 0o640)
    chmod(machine.root + "/run.sh", 0o755)
    chmod(machine.root + "/d", 0o700)
    chown(machine.root + "/b.yaml", 1234, 1)
    try "a: 2\n".write(toFile: machine.root + "/b.yaml", atomically: false, encoding: .utf8)
    let one = try await machine.mooring("drift", "production", "--adopt", "--only", "b.yaml:owner")
    #expect(one.status == 0, "\(one)")
    try machine.pull()
    #expect(try machine.author.git("show", "main:app/b.yaml") == "a: 1", "its content stays what it was")
    let all = try await machine.mooring("drift", "production", "--adopt")
    #expect(all.status == 0, "\(all)")
    try machine.pull()
    #expect(
      try machine.author.git("show", "main:app/.mooring-attributes")
        == "# ours\n/app.conf   mode=0640\n/b.yaml owner=1234 group=daemon\n/d/ mode=0700")
    #expect(try machine.author.git("show", "main:app/b.yaml") == "a: 2")
    #expect(try machine.author.git("ls-tree", "main", "app/run.sh").hasPrefix("100755"), "Git itself knows this mode")
    let sync = try await machine.mooring("sync", "production")
    #expect(sync.status == 0, "\(sync)")
    let drift = try await machine.mooring("drift", "production")
    #expect(drift.status == 0, "\(drift)")
    var status = stat()
    #expect(stat(machine.root + "/app.conf", &status) == 0 && status.st_mode & 0o7777 == 0o640)
  }

  @Test("a folder that somebody made is taken with all that is in it", arguments: [[], ["layout: inPlace"]])
  func folder(host: [String]) async throws {
    let machine = try Machine(["d/app.conf": "a = 1\n"])
    try machine.configure(host: host)
    #expect(try await machine.mooring("sync", "production").status == 0)
    let folder = (host.isEmpty ? "root/current/" : "root/") + "d/new"
    try machine.folder.write("one\n", to: folder + "/a.txt")
    try machine.folder.write("#!/bin/sh\n", to: folder + "/deep/run")
    chmod(machine.folder[folder + "/deep/run"], 0o755)
    try machine.folder.write("x", to: folder + "/.a.txt.swp")
    mkfifo(machine.folder[folder + "/pipe"], 0o644)
    let odd = try await machine.mooring("drift", "production", "--adopt")
    #expect(odd.status == 1 && odd.errors.contains("d/new/pipe"), "\(odd)")
    unlink(machine.folder[folder + "/pipe"])
    let answer = try await machine.mooring("drift", "production", "--adopt")
    #expect(answer.status == 0, "\(answer)")
    try machine.pull()
    let files = try machine.author.git("ls-tree", "-r", "main", "app/d/new").split(separator: "\n")
    #expect(files.count == 2 && files[0].hasSuffix("app/d/new/a.txt") && files[1].hasSuffix("app/d/new/deep/run"))
    #expect(files.last?.hasPrefix("100755") == true)
    let sync = try await machine.mooring("sync", "production")
    #expect(sync.status == 0, "\(sync)")
    #expect(try machine.folder.read(folder + "/a.txt") == "one\n")
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
