import Foundation
import MooringTestSupport
import Processes
import Testing

/// What the verbs print, as text and as JSON, and how they end.
@Suite(.inTurn) struct CommandTests {
  /// Three releases; the newest in production.
  private func machine() async throws -> Machine {
    let machine = try Machine(["app.yaml": "port: 8080\nname: shop\n", "conf/nginx.conf": "listen 80;\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "port: 9090\nname: shop\n"], "Move the port")
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["conf/nginx.conf": "listen 81;\n", "new.txt": "x"], "Listen elsewhere")
    #expect(try await machine.mooring("sync", "production").status == 0)
    return machine
  }

  @Test func readingVerbsSayWhatIsInProduction() async throws {
    let machine = try await machine()
    let status = try await machine.mooring("status")
    #expect(status.status == 0)
    #expect(status.output.hasPrefix("production: v3, synced, healthy\n  since 20"), "\(status)")
    #expect(status.errors == "")
    let state = try await machine.status()
    #expect((state["release"] as? [String: Any])?["number"] as? Int == 3)
    #expect((state["release"] as? [String: Any])?["verified"] as? Bool == true)
    #expect(state["sync"] as? String == "synced" && state["health"] as? String == "healthy")

    let releases = try await machine.mooring("releases", "production")
    #expect(releases.output.split(separator: "\n").count == 3)
    #expect(releases.output.hasPrefix("v3"), "\(releases)")
    #expect(releases.output.contains("Move the port"))
    let limited = try await machine.mooring("releases", "production", "--limit", "1", "--output", "json").json()
    let row = try #require((limited["releases"] as? [[String: Any]])?.first)
    #expect((limited["releases"] as? [Any])?.count == 1)
    #expect(row["number"] as? Int == 3 && row["live"] as? Bool == true && row["verified"] as? Bool == true)
    #expect(row["summary"] as? String == "Listen elsewhere" && row["author"] as? String == "Ada Lovelace")
    #expect(row["revision"] as? String == (try machine.author.git("rev-parse", "HEAD")))
    #expect(row["digest"] as? String == (try machine.author.git("rev-parse", "HEAD:app")))

    let log = try await machine.mooring("log", "production", "--reverse", "--limit", "0")
    let lines = log.output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1)[1].drop { $0 == " " } }
    let kinds = lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    #expect(
      kinds == [
        "catalogue: 1", "v1 released:", "deploying v1", "verified", "v2 released:", "deploying v2", "verified",
        "v3 released:", "deploying v3", "verified",
      ], "\(log)")
    let events = try await machine.mooring("log", "production", "--output", "json").json()["events"] as? [[String: Any]]
    #expect(events?.first?["kind"] as? String == "deployment.finished")
    #expect(events?.count == 10)
    #expect((events?.first?["time"] as? String)?.hasSuffix("Z") == true)
  }

  @Test func showShowsAReleaseAFileAndAMoment() async throws {
    let machine = try await machine()
    let files = try await machine.mooring("show", "production")
    #expect(files.status == 0)
    #expect(files.output.split(separator: "\n").dropFirst() == ["app.yaml", "conf/nginx.conf", "new.txt"], "\(files)")
    #expect(try await machine.mooring("show", "production@v1", "app.yaml").output == "port: 8080\nname: shop")
    let json = try await machine.mooring("show", "production@v2", "conf/nginx.conf", "--output", "json").json()
    #expect(json["content"] as? String == "listen 80;\n" && json["release"] as? String == "v2")
    let early = try await machine.mooring("show", "production@2001-01-01T00:00:00Z")
    #expect(early.status == 1)
    #expect(early.errors.contains("had deployed nothing at 2001"), "\(early)")
    let none = try await machine.mooring("show", "production@v9")
    #expect(none.status == 1)
    #expect(none.errors.contains("has no release v9; `mooring releases production` lists them"))
    let nowhere = try await machine.mooring("show", "production", "nowhere")
    #expect(nowhere.errors.contains("has no file \"nowhere\""))
    let traversal = try await machine.mooring("show", "production", "../../etc/passwd")
    #expect(traversal.status == 1 || traversal.status == 64)
    #expect(traversal.errors.contains("unsafe path"), "\(traversal)")
  }

  @Test func diffAndPlanNameFieldsAndExitWithTwoWhereThereIsADifference() async throws {
    let machine = try await machine()
    let diff = try await machine.mooring("diff", "production", "v1", "v3")
    #expect(diff.status == 2)
    #expect(
      diff.output
        == "~ app.yaml\n    port: 8080 → 9090\n~ conf/nginx.conf\n    @@ -1,1 +1,1 @@\n    -listen 80;\n    +listen 81;\n+ new.txt",
      "\(diff)")
    let json = try await machine.mooring("diff", "production", "v1", "v2", "--output", "json").json()
    let change = try #require((json["changes"] as? [[String: Any]])?.first)
    #expect(
      change["field"] as? String == "port" && change["old"] as? String == "8080" && change["new"] as? String == "9090")
    #expect(change["file"] as? String == "app.yaml" && change["kind"] as? String == "changed")
    let same = try await machine.mooring("diff", "production", "v3", "deployed")
    #expect(same.status == 0)
    #expect(same.output == "v3 and v3 are the same")

    let nothing = try await machine.mooring("plan", "production")
    #expect(nothing.status == 0)
    #expect(nothing.output == "production: nothing to change, it runs v3", "\(nothing)")
    let back = try await machine.mooring("plan", "production", "--revision", "v2", "--output", "json")
    #expect(back.status == 2)
    #expect((try back.json()["changes"] as? [Any])?.count == 2)
    #expect(try machine.live("conf/nginx.conf") == "listen 81;\n", "planning touches nothing")
  }

  @Test func aDryRunOfARollbackDoesNothing() async throws {
    let machine = try await machine()
    let (before, references) = (try await machine.story(), try machine.references())
    let dry = try await machine.mooring("rollback", "production", "--to", "v1", "--reason", "try", "--dry-run")
    #expect(dry.status == 0)
    #expect(dry.output.contains("production: v3 → v1, undoes 2 commits"), "\(dry)")
    #expect(dry.output.contains("port: 9090 → 8080"))
    #expect(try await machine.story() == before)
    #expect(try machine.references() == references)
    #expect(try machine.live("app.yaml") == "port: 9090\nname: shop\n")
  }

  @Test func aRollbackSaysWhatItDid() async throws {
    let machine = try await machine()
    let answer = try await machine.mooring("rollback", "production", "--reason", "5xx", "--yes", "--output", "json")
    #expect(answer.status == 0, "\(answer)")
    let json = try answer.json()
    #expect(json["outcome"] as? String == "verified" && json["pushed"] as? Bool == true)
    #expect(json["from"] as? String == "v3" && json["restores"] as? String == "v2" && json["to"] as? String == "v4")
    #expect(json["revert"] as? String == (try machine.remote.git("rev-parse", "main")))
    #expect((json["undone"] as? [String]) == [try machine.author.git("rev-parse", "HEAD")])
    #expect(json["ranBefore"] as? Bool == true)
    let again = try await machine.mooring("rollback", "production", "--to", "v4", "--reason", "again", "--yes")
    #expect(again.status == 1)
    #expect(again.errors.contains("production already runs v4"), "\(again)")
    let status = try await machine.mooring("status")
    #expect(status.status == 0 && status.output.contains("in quarantine: v3 (5xx)"), "\(status)")
  }

  @Test func undoingACommitShowsWhatIsInConflictAndTakesWhatIsDecided() async throws {
    let machine = try Machine(["app.yaml": "# shop\nport: 1 # in\nname: a\nlog: info\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "# shop\nport: 2 # in\nname: a\nlog: debug\n"], "Bad")
    #expect(try await machine.mooring("sync", "production").status == 0)
    let bad = try machine.author.git("rev-parse", "HEAD")
    try machine.push(["app.yaml": "# shop\nport: 3 # in\nname: b\nlog: debug\n"], "Later")
    #expect(try await machine.mooring("sync", "production").status == 0)
    func undo(_ more: String...) async throws -> Machine.Answer {
      try await machine.mooring(["rollback", "production", "--commit", bad, "--reason", "r", "--yes"] + more)
    }
    let refused = try await undo("--dry-run")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains("    field  base  current  reverted\n    port   1     3        2"), "\(refused)")
    let rows = try await undo("--dry-run", "--output", "json").json()["conflicts"] as? [[String: Any]]
    #expect(rows?.first?["field"] as? String == "port" && rows?.first?["current"] as? String == "3", "\(refused)")
    let field = try await undo("--dry-run", "--field", "log")
    #expect(field.status == 0 && field.output.contains("log: debug → info"), "\(field)")
    #expect(field.output.contains("v3 → a release that never ran before, undoes 1 commit"), "\(field)")
    let shown = try await undo("--take", "current", "port", "--dry-run", "--output", "json")
    #expect(try shown.json()["ranBefore"] as? Bool == false)
    #expect(try machine.live("app.yaml")?.contains("debug") == true, "nothing was touched")
    let done = try await undo("--take", "current", "port")
    #expect(done.status == 0 && done.output.contains("which never ran before"), "\(done)")
    #expect(try machine.live("app.yaml") == "# shop\nport: 3 # in\nname: b\nlog: info\n")
  }

  @Test func holdNoteAndResumeSayWhatTheyDid() async throws {
    let machine = try await machine()
    #expect(try await machine.mooring("hold", "production", "--reason", "freeze").output == "production: held: freeze")
    let status = try await machine.mooring("status")
    #expect(status.status == 2)
    #expect(status.output.contains(": freeze"), "\(status)")
    #expect(try await machine.mooring("note", "production", "load test").output == "production: noted")
    #expect(try await machine.mooring("resume", "production").output == "production: resumed")
    let again = try await machine.mooring("resume", "production")
    #expect(again.status == 1 && again.errors == "mooring: nothing is held", "\(again)")
    #expect(try await machine.mooring("status").status == 0)
    #expect(try await machine.story().contains("load test"))
  }

  @Test func aDeletedIndexChangesNoAnswer() async throws {
    let machine = try await machine()
    #expect(try await machine.mooring("rollback", "production", "--reason", "x", "--yes").status == 0)
    func answers() async throws -> [String] {
      var answers: [String] = []
      for arguments in [
        ["status", "--output", "json"], ["releases", "production", "--output", "json"],
        ["log", "production", "--limit", "0", "--output", "json"], ["diff", "production", "v1", "v4"],
        ["show", "production@v2", "app.yaml"],
      ] { answers.append(try await machine.mooring(arguments).output) }
      return answers
    }
    let before = try await answers()
    for name in try machine.folder.names("state") where name.hasPrefix("index.sqlite") {
      try FileManager.default.removeItem(atPath: machine.folder["state/\(name)"])
    }
    #expect(try await answers() == before)
    let rebuilt = try await machine.mooring("index", "rebuild")
    #expect(rebuilt.status == 0 && rebuilt.output.hasPrefix("read "), "\(rebuilt)")
    #expect(try await answers() == before)
    try Data("no database".utf8).write(to: URL(filePath: machine.folder["state/index.sqlite"]))
    for name in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: machine.folder["state/index.sqlite\(name)"])
    }
    #expect(try await answers() == before, "nor does one that is damaged")
  }

  @Test(arguments: [
    ["nonsense"], ["status", "--output", "xml"], ["rollback", "production"], ["status", "../x"],
    ["rollback", "production", "--reason", "x", "--to", "latest"], ["rollback", "production", "--reason", " "],
    ["rollback", "production", "--reason", "x", "--to", "v1", "--commit", "abcdef1"], ["hold", "production"],
    ["rollback", "production", "--reason", "x", "--field", "a"],
    ["rollback", "production", "--reason", "x", "--commit", "abcdef1", "--take", "mine", "a"],
    ["rollback", "production", "--reason", "x", "--commit", "abcdef1", "--path", "../a"],
    ["rollback", "--reason", "x", "--commit", "abcdef1", "--take", "base", "a", "production"],
    ["diff", "production", "v1"], ["show", "production@nonsense"], ["show", "-x"],
    ["plan", "production", "--revision", "%"],
  ])
  func wrongUsageExitsWith64(_ arguments: [String]) async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let answer = try await machine.mooring(arguments)
    #expect(answer.status == 64, "\(answer)")
    #expect(!answer.errors.isEmpty)
    #expect(answer.output == "")
  }

  @Test func anUnknownEnvironmentNamesThoseThatThereAre() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    for verb in ["status", "sync", "releases", "log", "plan", "show"] {
      let answer = try await machine.mooring(verb, "prod")
      #expect(answer.status == 1)
      #expect(answer.errors.contains("no environment is named \"prod\"; there are: production"), "\(answer)")
    }
  }

  @Test func beforeTheFirstFetchEveryReadingVerbSaysSo() async throws {
    let machine = try Machine()
    #expect(try await machine.mooring("status").output == "production: nothing deployed, unknown, missing")
    #expect(try await machine.mooring("log", "production").output == "production has no story yet")
    #expect(try await machine.mooring("releases", "production").output == "production has no releases yet")
    let show = try await machine.mooring("show", "production")
    #expect(show.status == 1)
    #expect(show.errors.contains("has deployed nothing yet; `mooring sync production` fetches and deploys"), "\(show)")
  }

  @Test func initWritesAConfigurationThatIsRightAndOverwritesNone() async throws {
    let machine = try Machine()
    let file = machine.folder["new.yaml"]
    #expect(try await machine.mooring("init", file).status == 0)
    let status = try await machine.mooring("status", "--config", file)
    #expect(status.status == 2 && status.output.hasPrefix("production: nothing deployed"), "\(status)")
    try machine.folder.write("mine", to: "new.yaml")
    #expect(try await machine.mooring("init", file).status != 0)
    #expect(try machine.folder.read("new.yaml") == "mine")
  }

  static let verbs = [
    "init", "demo", "run", "status", "plan", "sync", "releases", "show", "diff", "rollback", "log", "hold", "resume",
    "note",
    "takeover", "index rebuild",
  ]

  @Test(arguments: verbs) func helpTeachesByExample(_ verb: String) async throws {
    let machine = try Machine()
    let words = verb.split(separator: " ").map(String.init)
    let help = try await machine.mooring(words + ["--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("EXAMPLES\n"), "\(help)")
    #expect(help.output.contains("mooring \(verb)"), "\(help)")
    #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 120 || $0.hasPrefix("USAGE: ") })
  }

  @Test func helpNamesEveryVerbAndExitCode() async throws {
    let help = try await Machine().mooring("--help")
    for verb in Self.verbs { #expect(help.output.contains("\n  \(verb.split(separator: " ")[0])"), "\(help)") }
    #expect(help.output.contains("Exit codes: 0 done"))
    #expect(!help.output.contains("transfer"), "what Mooring calls itself is not for people")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionScriptsAreMade(_ shell: String) async throws {
    let machine = try Machine()
    let script = try await machine.mooring("--generate-completion-script", shell)
    #expect(script.status == 0)
    #expect(script.output.contains("rollback"))
    guard shell == "bash" else { return }
    try machine.folder.write(script.output + "\n", to: "completion")
    let check = try await run(
      Program(["bash", "-c", ". \(machine.folder["completion"]) && complete -p mooring"], timeLimit: .seconds(10)))
    #expect(check.succeeded, "\(check.output)")
  }
}
