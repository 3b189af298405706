import Foundation
import MooringTestSupport
import Testing

/// Several state directories for one environment: one writes, the others read, and ask.
@Suite(.inTurn) struct OtherMachineTests {
  @Test func aRollbackFromAnotherMachinePushesTheRevertAndWaitsForItsOwner() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let laptop = machine.folder["laptop"]
    try await machine.watching { _ in
      try await machine.until("v1 runs") { try machine.live("app.yaml") == "a: 1\n" }
      try machine.push(["app.yaml": "a: 2\n"])
      try await machine.until("v2 is published") {
        guard try machine.live("app.yaml") == "a: 2\n" else { return false }
        return try machine.author.git("ls-remote", machine.remote.path, "refs/mooring/journal/production") != ""
      }
      try await machine.until("the laptop has met v2") {
        _ = try await machine.mooring("run", "--once", state: laptop)
        return try await machine.mooring("status", state: laptop).output.hasPrefix("production: v2, synced, healthy")
      }
      let answer = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes", state: laptop)
      #expect(answer.status == 0, "\(answer)")
      #expect(answer.errors.contains("waiting for the owner of production"), "\(answer)")
    }
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
    #expect(try machine.remote.git("log", "-1", "--format=%B", "main").contains("Mooring-Reason: bad"))
    #expect(try await machine.mooring("status").status == 0)
  }

  /// Nobody has to look first: the journal is met before anything is decided.
  @Test(arguments: [[], ["--to", "v1"]])
  func aRollbackFromAMachineThatWasNeverUsedIsOneFromAnotherMachine(_ choice: [String]) async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: 2\n"])
      try await machine.until("v2 is published") {
        let journal = try machine.remote.tryGit(["log", "--format=%s", "refs/mooring/journal/production"])
        return String(decoding: journal.output, as: UTF8.self).split(separator: "\n").count { $0 == "verified" } == 2
      }
      let answer = try await machine.mooring(
        ["rollback", "production", "--reason", "bad", "--yes"] + choice, state: machine.folder["fresh"]
      ).expect(0)
      #expect(answer.errors.contains("waiting for the owner of production"), "\(answer)")
    }
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try machine.fsck() == "")
  }

  @Test func whatWasNeverDeployedCantBeTakenBackAndItsJournalStaysReadable() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(others: machine.environment("staging", path: "app"))
    try machine.push(["app.yaml": "a: 2\n"])
    try await machine.mooring("sync", "production").expect(0)
    let commit = try machine.author.git("rev-parse", "HEAD")
    for more in [["--dry-run"], ["--yes"]] {
      let refused = try await machine.mooring(
        ["rollback", "staging", "--commit", commit, "--reason", "bad", "--include-shared"] + more
      ).expect(1)
      #expect(refused.errors.contains("staging was never looked at here"), "\(refused)")
    }
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 2", "nothing was pushed")
    try await machine.mooring("sync", "staging").expect(0)
    try await machine.mooring("index", "rebuild").expect(0)
    try await machine.mooring("log", "staging").expect(0)
  }

  @Test func whatAnotherMachineMayNotDoIsSaidAndTakingOverAllowsIt() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let other = machine.folder["other"]
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    let refused = try await machine.mooring("sync", "production", state: other)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("production belongs to the state directory"), "\(refused)")
    #expect(refused.errors.contains("`mooring takeover production`"))
    #expect(try await machine.mooring("status", state: other).output.contains("read-only here"))
    #expect(try machine.live("app.yaml") == "a: 1\n")
    let taken = try await machine.mooring("takeover", "production", state: other)
    #expect(taken.status == 0 && taken.output == "production: taken over", "\(taken)")
    #expect(try await machine.mooring("sync", "production", state: other).status == 0)
    #expect(try machine.live("app.yaml") == "a: 2\n")
    let late = try await machine.mooring("run", "--once")
    #expect(late.status == 1 && late.errors.contains("belongs to the state directory"), "\(late)")
    let story = try await machine.mooring("log", "production", "--reverse", "--limit", "0", state: other).output
    #expect(story.contains("v1 released") && story.contains("taken over") && story.contains("deploying v2"), "\(story)")
    #expect(try machine.fsck() == "")
  }

  @Test func journalsMayHaveARepositoryOfTheirOwn() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let journals = try GitFixture(bare: true)
    try machine.configure(journal: "{ repository: \(journals.path) }")
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("rollback", "production", "--reason", "bad", "--yes").status == 0)
    #expect(try machine.remote.git("for-each-ref", "refs/mooring") == "", "nothing of it in the configuration's")
    #expect(try journals.git("for-each-ref", "--format=%(refname)") == "refs/mooring/journal/production")
    #expect(try journals.git("log", "--format=%s", "refs/mooring/journal/production").contains("deploying v2"))
    let commit = try machine.author.git("rev-parse", "HEAD")
    #expect(try journals.tryGit(["cat-file", "-e", commit]).status != 0, "no history of it")
    let other = machine.folder["other"]
    _ = try await machine.mooring("run", "--once", state: other)
    let story = try await machine.mooring("log", "production", "--reverse", "--limit", "0", state: other).output
    #expect(try await story == machine.story(), "and is met again from there")
  }

  @Test func aStateDirectoryThatIsLostIsMetAgainFromTheRemote() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let (story, releases) = (try await machine.story(), try await machine.mooring("releases", "production").output)
    try FileManager.default.removeItem(atPath: machine.state)
    #expect(try await machine.mooring("takeover", "production").status == 0)
    #expect(try await machine.story().hasPrefix(story))
    #expect(try await machine.mooring("releases", "production").output == releases)
    let answer = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes")
    #expect(answer.status == 0, "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
  }
}
