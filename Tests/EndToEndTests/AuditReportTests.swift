import Foundation
import MooringTestSupport
import Testing

/// The joined record, and the proof that nobody edited it.
@Suite("The audit", .inTurn) struct AuditReportTests {
  /// Two releases, a rollback and a note with a password in it.
  private func machine() async throws -> Machine {
    let machine = try Machine(["app.yaml": "port: 8080\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(
      ["app.yaml": "port: 9090\n"],
      "=cmd|'/c calc' (#12)\n\nReviewed-by: Bo Berg <bo@example.com>\nCo-authored-by: Cy Clark <cy@example.com>")
    #expect(try await machine.mooring("sync", "production").status == 0)
    let reason = "5xx since password=hunter2"
    #expect(try await machine.mooring("rollback", "production", "--reason", reason, "--yes").status == 0)
    return machine
  }

  @Test("joins changes, approvals, deployments and rollbacks, as JSON Lines, CSV and Markdown, without secrets")
  func reports() async throws {
    let machine = try await machine()
    let json = try await machine.mooring("audit", "production", "--output", "json")
    #expect(json.status == 0)
    let entries = try json.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let change = try #require(entries.first { $0["release"] as? String == "v2" && $0["kind"] as? String == "change" })
    #expect(change["approvedBy"] as? [String] == ["Bo Berg <bo@example.com>"])
    #expect(change["coAuthors"] as? [String] == ["Cy Clark <cy@example.com>"])
    #expect(
      change["pullRequest"] as? String == "#12" && change["author"] as? String == "Ada Lovelace <ada@example.com>")
    #expect(change["reachedProduction"] != nil && change["leftProduction"] != nil, "\(change)")
    let rollback = try #require(entries.first { $0["kind"] as? String == "rollback" })
    #expect(rollback["outcome"] as? String == "verified" && rollback["why"] as? String == "5xx since password=(secret)")
    #expect(entries.count { $0["kind"] as? String == "deployment" } == 3)

    let csv = try await machine.mooring("audit", "production", "--output", "csv")
    #expect(csv.output.hasPrefix("since,until,kind,"), "\(csv)")
    #expect(csv.output.contains(",'=cmd|'/c calc' (#12),"), "\(csv)")
    let markdown = try await machine.mooring("audit", "production")
    #expect(markdown.output.hasPrefix("# Audit of production\n"), "\(markdown)")
    #expect(markdown.output.contains("Bo Berg &lt;bo@example.com&gt;") && markdown.output.contains("## Gaps"))
    for text in [json.output, csv.output, markdown.output] { #expect(!text.contains("hunter2")) }
    let none = try await machine.mooring("audit", "production", "--until", "2020-01-01", "--output", "json")
    #expect(none.status == 0 && none.output == "")
  }

  @Test("what people write of secrets is in no story, history, blame or record")
  func sentences() async throws {
    let machine = try Machine(["app.yaml": "port: 8080\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(
      ["app.yaml": "port: 9090\n"], "Rotate it, token=hunter2\n\nIt was: password: hunter2\n\nDb-Password: hunter2")
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("note", "production", "the password = hunter2 since noon").status == 0)
    #expect(try await machine.mooring("hold", "production", "--reason", "api_key: hunter2").status == 0)
    for arguments in [
      ["log", "production", "--limit", "0"], ["history", "production", "app.yaml"],
      ["blame", "production", "app.yaml"],
      ["audit", "production"],
    ] {
      for format in arguments[0] == "audit" ? ["json", "csv", "markdown"] : ["text", "json"] {
        let answer = try await machine.mooring(arguments + ["--output", format])
        #expect(answer.status == 0 && answer.output.contains("token=(secret)"), "\(arguments) \(answer)")
        #expect(!answer.description.contains("hunter2"), "\(arguments) \(answer)")
      }
    }
  }

  // MARK: Verifying

  private var journal: String { "refs/mooring/journal/production" }

  private func git(_ machine: Machine, _ arguments: String..., input: String = "") throws -> String {
    try machine.author.git(
      ["--git-dir", machine.state + "/repositories/config.git"] + arguments, input: Array(input.utf8))
  }

  private func verify(_ machine: Machine) async throws -> (status: Int32?, finding: [String: Any], text: String) {
    let answer = try await machine.mooring("audit", "verify", "production", "--output", "json")
    let report = (try answer.json()["environments"] as? [[String: Any]])?.first
    return (answer.status, (report?["findings"] as? [[String: Any]])?.first ?? [:], answer.description)
  }

  /// Makes the journal again from these commits' trees and messages, as somebody would who leaves no trace in the chain.
  private func rewrite(_ machine: Machine, _ commits: [String]) throws {
    var parent: String?
    for commit in commits {
      let lines = try git(machine, "cat-file", "commit", commit).split(
        separator: "\n", omittingEmptySubsequences: false)
      var parents = lines.filter { $0.hasPrefix("parent ") }.map(String.init)
      let isFirst = commits.first == commit
      if !parents.isEmpty { parents.removeFirst() }
      if isFirst { parents = [] }
      let head = [String(lines[0])] + (parent.map { ["parent \($0)"] } ?? []) + parents
      let rest = lines.dropFirst().filter { !$0.hasPrefix("parent ") }.map(String.init)
      parent = try git(
        machine, "hash-object", "-w", "-t", "commit", "--stdin", input: (head + rest).joined(separator: "\n"))
    }
    _ = try git(machine, "update-ref", journal, try #require(parent))
  }

  private func commits(_ machine: Machine) throws -> [String] {
    try git(machine, "log", "--first-parent", "--reverse", "--format=%H", journal).split(separator: "\n").map(
      String.init)
  }

  /// As if nobody kept a copy or a mark: no remote's journal, no index, no trailer on the branch.
  private func forgetMarks(_ machine: Machine) throws {
    _ = try git(machine, "update-ref", "-d", "refs/mooring/remote/production")
    try forgetIndex(machine)
    try forgetTrailer(machine)
  }

  private func forgetIndex(_ machine: Machine) throws {
    for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: machine.state + "/" + name)
    }
  }

  private func forgetTrailer(_ machine: Machine) throws {
    let tip = try git(machine, "rev-parse", "refs/remotes/origin/main~1")
    _ = try git(machine, "update-ref", "refs/remotes/origin/main", tip)
  }

  @Test("an honest journal holds, and it is said what that proves and what not")
  func honest() async throws {
    let machine = try await machine()
    let answer = try await machine.mooring("audit", "verify")
    #expect(answer.status == 0, "\(answer)")
    #expect(
      answer.output.contains("and everything holds") && answer.output.contains("proved: every commit"), "\(answer)")
    #expect(
      answer.output.contains("proved: the remote's copy")
        && answer.output.contains("proved: 1 commit on the branch names"))
    try forgetMarks(machine)
    let alone = try await machine.mooring("audit", "verify")
    #expect(alone.status == 2 && alone.output.contains("nothing is known here of the remote's copy"), "\(alone)")
    #expect(alone.output.contains("not proved: no remote's copy was ever seen"), "also where something doesn't hold")
    let asked = try await machine.mooring("audit", "verify", "--fetch")
    #expect(asked.status == 0 && asked.output.contains("the remote's copy, as it is now, agrees"), "\(asked)")
    try machine.configure(journal: "{ push: false }")
    _ = try git(machine, "update-ref", "-d", "refs/mooring/remote/production")
    let own = try await machine.mooring("audit", "verify")
    #expect(own.status == 0 && own.output.contains("not proved: no remote's copy was ever seen"), "\(own)")
  }

  @Test("a remote's copy that was rewritten is found by asking the remote")
  func askingTheRemote() async throws {
    let machine = try await machine()
    let honest = try commits(machine)
    try machine.remote.git("update-ref", journal, honest[2])
    #expect(try await verify(machine).status == 0, "nobody was asked")
    let asked = try await machine.mooring("audit", "verify", "--fetch")
    #expect(asked.status == 2 && asked.output.contains("doesn't stand on it"), "\(asked)")
    #expect(try git(machine, "rev-parse", "refs/mooring/remote/production") == honest.last, "the mark stays")
  }

  /// What somebody does to a journal before it is united with the remote's copy.
  enum Forgery: CaseIterable { case rewritten, cut }

  @Test("a union launders no journal that was rewritten or cut off", arguments: Forgery.allCases)
  func union(_ forgery: Forgery) async throws {
    let machine = try await machine()
    for text in ["nobody is to see this", "later"] {
      #expect(try await machine.mooring("note", "production", text).status == 0)
    }
    let honest = try commits(machine)
    let end = honest.count - 2
    switch forgery {
    case .rewritten: try rewrite(machine, Array(honest[..<end]) + Array(honest[(end + 1)...]))
    case .cut: _ = try git(machine, "update-ref", journal, honest[end - 1])
    }
    try forgetIndex(machine)
    // As a watcher does that had something to say before it asked the remote.
    let old = try git(machine, "rev-parse", journal)
    let other = try #require(honest.last)
    let event = """
      {"environment":"production","id":"01ZZZZZZZZZZZZZZZZZZZZZZZZ","initiator":{"kind":"watcher","name":"mooring"},\
      "kind":"union","payload":{"other":"\(other)"},"schema":1,"source":"\(try source(machine))",\
      "time":"2036-01-01T00:00:00.000Z"}
      """
    let blob = try git(machine, "hash-object", "-w", "--stdin", input: event)
    let tree = try git(machine, "mktree", input: "100644 blob \(blob)\tevent.json\n")
    let who = "mooring <mooring@localhost> 2082758400 +0000"
    let commit = """
      tree \(tree)
      parent \(old)
      parent \(other)
      author \(who)
      committer Mooring <mooring@localhost> 2082758400 +0000

      union

      """
    let union = try git(machine, "hash-object", "-w", "-t", "commit", "--stdin", input: commit)
    _ = try git(machine, "update-ref", journal, union)
    _ = try git(machine, "update-ref", "refs/mooring/remote/production", union)
    let found = try await verify(machine)
    #expect(found.status == 2 && found.text.contains(#""union""#), "\(found)")
    #expect(found.text.contains(forgery == .rewritten ? "has already" : "wrote at the same time"), "\(found)")
  }

  private func source(_ machine: Machine) throws -> String {
    let event = try git(machine, "show", "\(journal):event.json")
    let json = try JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any]
    return try #require(json?["source"] as? String)
  }

  @Test("where there is no journal any more, a commit on the branch says that there was one")
  func deleted() async throws {
    let machine = try await machine()
    _ = try git(machine, "update-ref", "-d", journal)
    _ = try git(machine, "update-ref", "-d", "refs/mooring/remote/production")
    try forgetIndex(machine)
    let found = try await verify(machine)
    #expect(found.status == 2 && found.finding["check"] as? String == "anchor", "\(found)")
  }

  private func flip(_ machine: Machine, _ object: String) throws {
    let file = machine.state + "/repositories/config.git/objects/\(object.prefix(2))/\(object.dropFirst(2))"
    var bytes = try Array(Data(contentsOf: URL(filePath: file)))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    try Data(bytes).write(to: URL(filePath: file))
  }

  @Test("a flipped commit is named, whatever other marks there are, and other environments are looked at all the same")
  func flippedCommit() async throws {
    let machine = try await machine()
    try machine.configure(others: machine.environment("staging", path: "app"))
    #expect(try await machine.mooring("sync", "staging").status == 0)
    let commit = try commits(machine)[3]
    // An older mark than the break: nobody can say whether the journal had it.
    _ = try git(machine, "update-ref", "refs/mooring/remote/production", try commits(machine)[1])
    try flip(machine, commit)
    let answer = try await machine.mooring("audit", "verify", "--output", "json")
    let reports = try #require(try answer.json()["environments"] as? [[String: Any]])
    #expect(answer.status == 2 && reports.map { $0["holds"] as? Bool } == [false, true], "\(answer)")
    let first = try #require((reports[0]["findings"] as? [[String: Any]])?.first)
    #expect(first["check"] as? String == "chain" && first["commit"] as? String == commit, "\(answer)")
  }

  @Test("an index that was damaged is a mark no more, and that is said until somebody has looked at it")
  func damagedIndex() async throws {
    let machine = try await machine()
    let index = URL(filePath: machine.state + "/index.sqlite")
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: index.path + suffix) }
    try Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }).write(to: index)
    #expect(try await machine.mooring("log", "production").status == 0, "everything works on")
    let found = try await verify(machine)
    #expect(found.status == 2 && found.text.contains("index.sqlite.damaged is what is left of it"), "\(found)")
    try FileManager.default.removeItem(at: URL(filePath: index.path + ".damaged"))
    #expect(try await verify(machine).status == 0)
  }

  @Test("what a merge brought in names heads, too, and what somebody made up is acknowledged in the journal")
  func madeUpTrailer() async throws {
    let machine = try await machine()
    try machine.pull()
    let head = try #require(try commits(machine).last)
    try machine.author.branch("side", at: "main")
    try machine.author.commit("Of a pull request\n\nMooring-Journal: production \(head)", files: ["other": "x\n"])
    try machine.author.checkout("main")
    try machine.author.merge("side")
    try machine.publish()
    #expect(try await machine.mooring("run", "--once").status == 0)
    let merged = try await machine.mooring("audit", "verify")
    #expect(merged.status == 0 && merged.output.contains("2 commits on the branch name heads"), "\(merged)")

    let never = String(repeating: "0123", count: 10)
    try machine.author.commit("Mine\n\nMooring-Journal: production \(never)", files: ["other": "y\n"])
    try machine.publish()
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try await verify(machine).status == 2)
    let unknown = try await machine.mooring("audit", "acknowledge", "production", "7654321", "--reason", "x")
    #expect(unknown.status == 1 && unknown.errors.contains("there is: \(never)"), "\(unknown)")
    let known = try await machine.mooring(
      "audit", "acknowledge", "production", String(never.prefix(8)), "--reason", "a joke")
    #expect(known.status == 0, "\(known)")
    let after = try await machine.mooring("audit", "verify")
    #expect(after.status == 0 && after.output.contains("acknowledged by"), "\(after)")
    #expect(after.output.contains("a joke"), "\(after)")
    let record = try await machine.mooring("audit", "production", "--output", "json")
    #expect(record.output.contains(#""kind":"acknowledged""#) && record.output.contains("a joke"), "\(record)")
  }

  @Test("a flipped bit is found, and the event named")
  func flippedBit() async throws {
    let machine = try await machine()
    let commit = try commits(machine)[3]
    let blob = try git(machine, "rev-parse", "\(commit):event.json")
    let file = machine.state + "/repositories/config.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
    var bytes = try Array(Data(contentsOf: URL(filePath: file)))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    try Data(bytes).write(to: URL(filePath: file))
    let found = try await verify(machine)
    #expect(found.status == 2 && found.finding["commit"] as? String == commit, "\(found)")
  }

  @Test(
    "an edited object, a dropped event and two that change places are found and named, though the chain was made anew")
  func madeAnew() async throws {
    let machine = try await machine()
    let honest = try commits(machine)
    try forgetMarks(machine)
    let release = try #require(
      try honest.firstIndex { try git(machine, "log", "-1", "--format=%s", $0).contains("v2 released") })

    var dropped = honest
    dropped.remove(at: release + 1)
    try rewrite(machine, dropped)
    let gone = try await verify(machine)
    #expect(
      gone.status == 2 && (gone.finding["problem"] as? String)?.contains("the beginning of its deployment") == true,
      "\(gone)")

    try forgetMarks(machine)
    var swapped = honest
    swapped.swapAt(release, release + 2)
    try rewrite(machine, swapped)
    let exchanged = try await verify(machine)
    #expect(exchanged.status == 2 && exchanged.finding["check"] as? String == "order", "\(exchanged)")
  }

  @Test("with a remote, a chain that was made anew and a tail that was cut off are found")
  func againstTheRemote() async throws {
    let machine = try await machine()
    let honest = try commits(machine)
    try? FileManager.default.removeItem(atPath: machine.state + "/index.sqlite")
    _ = try git(machine, "update-ref", journal, honest[honest.count - 3])
    let cut = try await verify(machine)
    #expect(cut.status == 2, "\(cut)")
    #expect(cut.text.contains("1 more after it, which are cut off here"), "\(cut)")

    try rewrite(machine, Array(honest.dropLast(2)))
    let rewritten = try await verify(machine)
    #expect(rewritten.status == 2, "\(rewritten)")
  }

  @Test("with the index or a commit on the branch alone, too")
  func againstIndexAndTrailers() async throws {
    let machine = try await machine()
    let honest = try commits(machine)
    _ = try git(machine, "update-ref", "-d", "refs/mooring/remote/production")
    _ = try git(machine, "update-ref", journal, honest[2])
    let index = try await verify(machine)
    #expect(index.status == 2 && index.text.contains("\"index\""), "\(index)")
    #expect(index.text.contains("\"anchor\"") && index.text.contains("names it as the journal's head"), "\(index)")
  }

  /// The only mark of a journal that somebody makes anew.
  enum Mark: CaseIterable { case index, trailer }

  @Test(
    "a chain that was made anew is found by the index alone, and by a commit on the branch alone",
    arguments: Mark.allCases)
  func rewrittenWithOneMark(_ mark: Mark) async throws {
    let machine = try Machine(["app.yaml": "port: 8080\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("note", "production", "nobody is to see this").status == 0)
    try machine.push(["app.yaml": "port: 9090\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("rollback", "production", "--reason", "5xx", "--yes").status == 0)
    switch mark {
    case .index:
      _ = try git(machine, "update-ref", "-d", "refs/mooring/remote/production")
      try forgetTrailer(machine)
    case .trailer:
      _ = try git(machine, "update-ref", "-d", "refs/mooring/remote/production")
      try forgetIndex(machine)
    }
    let honest = try commits(machine)
    let note = try honest.firstIndex { try git(machine, "log", "-1", "--format=%s", $0).contains("nobody is to see") }
    var without = honest
    without.remove(at: try #require(note))
    try rewrite(machine, without)
    let found = try await verify(machine)
    #expect(found.status == 2, "\(found)")
    let checks = [#""index""#, #""anchor""#].filter { found.text.contains(": \($0)") || found.text.contains(":\($0)") }
    #expect(checks == [mark == .index ? #""index""# : #""anchor""#], "\(found)")
  }

  @Test("a command that makes the index anew keeps what it knew as a witness")
  func witness() async throws {
    let machine = try await machine()
    let honest = try commits(machine)
    _ = try git(machine, "update-ref", "-d", "refs/mooring/remote/production")
    try forgetTrailer(machine)
    _ = try git(machine, "update-ref", journal, honest[honest.count - 3])
    #expect(try await machine.mooring("log", "production").status == 0)
    #expect(try await machine.mooring("index", "rebuild").status == 0)
    let head = try #require(honest.last)
    let found = try await verify(machine)
    #expect(found.status == 2 && found.finding["check"] as? String == "index", "\(found)")
    #expect(found.finding["commit"] as? String == head, "\(found)")
    let status = try await machine.mooring("status", "production")
    #expect(status.status == 2 && status.output.contains("the journal lacks \(head.prefix(12))"), "\(status)")
    // Whoever has the journal back has nothing to complain of.
    let cut = try git(machine, "rev-parse", journal)
    _ = try git(machine, "update-ref", journal, head)
    _ = try git(machine, "update-ref", "refs/mooring/remote/production", head)
    let back = try await verify(machine)
    #expect(back.status == 0, "\(back)")
    // Who hasn't says so, and is left alone.
    _ = try git(machine, "update-ref", journal, cut)
    _ = try git(machine, "update-ref", "refs/mooring/remote/production", cut)
    #expect(try await machine.mooring("status", "production").output.contains("the journal lacks"))
    let known = try await machine.mooring("audit", "acknowledge", "production", head, "--reason", "the disk was lost")
    #expect(known.status == 0, "\(known)")
    let rest = try await machine.mooring("status", "production")
    #expect(!rest.output.contains("the journal lacks"), "\(rest)")
    let held = try await machine.mooring("audit", "verify")
    #expect(held.status == 0 && held.output.contains("acknowledged: commit \(head.prefix(12))"), "\(held)")
  }

  @Test("an event whose object was changed under it is found")
  func lostObject() async throws {
    let machine = try await machine()
    let digest = try machine.author.git("rev-parse", "HEAD:app/app.yaml")
    let objects = machine.state + "/repositories/config.git/objects"
    for name in try FileManager.default.contentsOfDirectory(atPath: objects + "/pack") {
      let bytes = try Array(Data(contentsOf: URL(filePath: objects + "/pack/" + name)))
      try FileManager.default.removeItem(atPath: objects + "/pack/" + name)
      guard name.hasSuffix(".pack") else { continue }
      try machine.author.git(
        ["--git-dir", machine.state + "/repositories/config.git", "unpack-objects", "-q"], input: bytes)
    }
    try FileManager.default.removeItem(atPath: "\(objects)/\(digest.prefix(2))/\(digest.dropFirst(2))")
    let found = try await verify(machine)
    #expect(found.status == 2 && found.finding["check"] as? String == "object", "\(found)")
    #expect(found.finding["kind"] as? String == "release", "\(found)")
  }
}
