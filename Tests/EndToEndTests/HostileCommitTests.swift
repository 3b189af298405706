import Foundation
import MooringTestSupport
import Testing

/// Commits that no `git commit` makes, and that a remote takes all the same.
@Suite(.inTurn) struct HostileCommitTests {
  /// Pushes a commit whose header and message are given, of a tree with one file.
  private func push(_ machine: Machine, _ header: (String, String) -> String) throws {
    let app = try machine.author.git(
      "mktree", input: Array("100644 blob \(try machine.blob("a: 2\n"))\tapp.yaml\n".utf8))
    let tree = try machine.author.git("mktree", input: Array("040000 tree \(app)\tapp\n".utf8))
    let commit = try machine.author.git(
      "hash-object", "-w", "-t", "commit", "--literally", "--stdin",
      input: Array(header(tree, try machine.author.git("rev-parse", "main")).utf8))
    try machine.author.git("update-ref", "refs/heads/main", commit)
    try machine.publish()
  }

  static let dates = [
    "9223372036854775807 +0000", "-9223372036854775808 +0000", "253402300800 +0000",
    "-62135596801 +0000", "1700000000 -9223372036854775808", "1700000000 +9999", "",
  ]

  @Test(arguments: dates) func aCommitFromNoTimeIsDeployedAndItsStoryCanBeReadAgain(_ date: String) async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try push(machine) { tree, parent in
      "tree \(tree)\nparent \(parent)\nauthor A <a> \(date)\ncommitter A <a> \(date)\n\nBad\n"
    }
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 0, "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 2\n")
    let releases = try await machine.mooring("releases", "production", "--output", "json").output
    #expect(try await machine.mooring("index", "rebuild").status == 0)
    #expect(try await machine.mooring("releases", "production", "--output", "json").output == releases)
    let back = try await machine.mooring("rollback", "production", "--reason", "x", "--yes")
    #expect(back.status == 0, "\(back)")
  }

  @Test(arguments: dates) func aCatalogueHoldsCommitsFromNoTime(_ date: String) async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try push(machine) { tree, parent in
      "tree \(tree)\nparent \(parent)\nauthor A <a> \(date)\ncommitter A <a> \(date)\n\nBad\n"
    }
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("releases", "production").output.split(separator: "\n").count == 2)
  }

  /// libgit2 lists no commits behind one whose author or date it can't read; hosts that check what is pushed refuse it.
  @Test(arguments: [
    "", "author A <a> nonsense\ncommitter A <a> nonsense\n", "author A <a> 99999999999999999999 +0000\n",
  ])
  func aCommitThatCannotBeReadIsSaidAndProductionStaysUntilTheBranchIsRepaired(_ people: String) async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let good = try machine.author.git("rev-parse", "main")
    try push(machine) { tree, parent in "tree \(tree)\nparent \(parent)\n\(people)\nBad\n" }
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains(try machine.author.git("rev-parse", "main")), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    try machine.author.git("update-ref", "refs/heads/main", good)
    try machine.publish(force: true)
    try machine.push(tree: Array("100644 blob \(try machine.blob("a: 3\n"))\tapp.yaml\0".utf8), "Fix")
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.live("app.yaml") == "a: 3\n")
    #expect(try await machine.mooring("status").status == 0, "what never arrived is no rewritten history")
  }

  @Test func whatIsPrintedCannotSteerTheTerminal() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let escape = "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m\r"
    try push(machine) { tree, parent in
      "tree \(tree)\nparent \(parent)\nauthor Eve\(escape) <e> 1700000000 +0000\ncommitter E <e> 1700000000 +0000\n\nEvil \(escape)\n"
    }
    var printed = ""
    for arguments in [
      ["sync", "production"], ["log", "production"], ["releases", "production"], ["status"],
      ["note", "production", "x\(escape)"], ["hold", "production", "--reason", "y\(escape)"], ["status"],
      ["sync", "production"],
    ] {
      let answer = try await machine.mooring(arguments)
      printed += answer.output + answer.errors
    }
    #expect(printed.contains("Evil") && printed.contains("Eve"))
    let control = printed.unicodeScalars.filter {
      ($0.value < 32 && $0 != "\n" && $0 != "\t") || (127..<160).contains($0.value)
    }
    #expect(control.isEmpty, "\(printed.debugDescription)")
    let json = try await machine.mooring("releases", "production", "--output", "json").json()
    let summary = ((json["releases"] as? [[String: Any]])?.first?["summary"] as? String) ?? ""
    #expect(summary.contains("\u{1B}[2J"), "what a program reads is what it was")
  }

  @Test func namesOfFilesCannotSteerTheTerminalEither() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("hold", "production", "--reason", "look").status == 0)
    try machine.push(["evil\u{1B}[2J\nv9 deployed.yaml": "x: 1\n"])
    _ = try await machine.mooring("run", "--once")
    let plan = try await machine.mooring("plan", "production")
    #expect(plan.status == 2)
    #expect(!plan.output.unicodeScalars.contains("\u{1B}"))
    #expect(plan.output.split(separator: "\n").count == 2, "a line feed in a name begins no line: \(plan)")
  }
}
