import Foundation
import MooringTestSupport
import Testing

/// Reverts on a branch that a real hook protects, with a host that merges pull requests by the real git.
@Suite(.inTurn) struct PullRequestTests {
  private struct Bench {
    let machine: Machine
    let web: HTTPServer
    let host: CodeHostServer
  }

  private func bench(_ provider: String, _ more: String) async throws -> Bench {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let web = try await HTTPServer(root: machine.remote.path + "/..")
    let host = try await CodeHostServer(provider, repository: machine.remote.path)
    try machine.folder.write(CodeHostServer.token + "\n", to: "host-token")
    try machine.configure(
      url: "http://127.0.0.1:\(web.port)/git/\(URL(filePath: machine.remote.path).lastPathComponent)",
      repository: ["allowHTTP: true"],
      environment: [
        "gates: [ { command: { name: works, run: [/bin/sh, -c, \"! grep -q bad {root}/app.yaml\"], within: 200ms } } ]",
        "rollback:", "  push:", "    pullRequest:",
        "      { provider: \(provider), api: \"\(host.address)\", project: o/n, allowHTTP: true,",
        "        tokenFile: \(machine.folder["host-token"]), \(more) }",
      ])
    return Bench(machine: machine, web: web, host: host)
  }

  /// Only people and the host move `main` from now on.
  private func protect(_ machine: Machine) throws {
    let hook = machine.remote.path + "/hooks/pre-receive"
    let text =
      "#!/bin/sh\nwhile read old new ref; do [ \"$ref\" != refs/heads/main ] || { echo main is protected >&2; exit 1; }; done\n"
    try FileManager.default.createDirectory(
      atPath: machine.remote.path + "/hooks", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: hook))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
  }

  @Test(arguments: [
    ("github", "when: always", "merge squash"), ("gitlab", "when: protected", "merge"),
    ("gitea", "when: protected", "merge rebase"),
  ])
  func aBadReleaseIsBackAtOnceAndTheBranchWhenItsPullRequestIsMerged(_ provider: String, _ more: String, _ word: String)
    async throws
  {
    let bench = try await bench(provider, more)
    let machine = bench.machine
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: bad\n"], "Break it")
      try protect(machine)
      try await watcher.lines.line(containing: "rolled back and verified")
      #expect(try machine.live("app.yaml") == "a: 1\n")
      try await watcher.lines.line(containing: "waits in pull request #1 (https://host.example/o/n")
      let status = try await machine.status()
      let owed = try #require((status["owed"] as? [[String: Any]])?.first)
      #expect((owed["pullRequest"] as? [String: Any])?["number"] as? Int == 1, "\(status)")
      #expect((status["release"] as? [String: Any])?["label"] as? String == "v1 (revert pending)")

      try bench.host.act(word)
      try await watcher.lines.line(containing: "is on the branch")
      try await machine.until("production, journal and status agree") {
        let status = try await machine.status()
        return status["sync"] as? String == "synced" && (status["owed"] as? [Any])?.isEmpty == true
          && (status["release"] as? [String: Any])?["label"] as? String == "v3"
      }
      #expect(try machine.live("app.yaml") == "a: 1\n")
    }
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
    #expect(try machine.remote.git("for-each-ref", "--format=%(refname:short)", "refs/heads") == "main")
    let story = try await machine.story()
    #expect(story.contains("waits in pull request #1") && !story.contains(CodeHostServer.token), "\(story)")
    #expect(try machine.fsck() == "")
  }

  @Test func aRollbackFromAnotherMachineIsMergedByTheHostAndDeployedByTheOwner() async throws {
    let bench = try await bench("github", "when: protected")
    let machine = bench.machine
    let laptop = machine.folder["laptop"]
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: 2\n"])
      try await watcher.lines.line(containing: "deploying v2")
      try protect(machine)
      try await machine.until("the laptop has met v2") {
        _ = try await machine.mooring("run", "--once", state: laptop)
        return try await machine.mooring("status", state: laptop).output.hasPrefix("production: v2, synced, healthy")
      }
      try bench.host.beReady()
      let answer = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes", state: laptop)
        .expect(0)
      #expect(answer.errors.contains("waiting for pull request #1 (https://host.example/o/n/pull/1) to be merged"))
      #expect(try machine.live("app.yaml") == "a: 1\n")
      #expect(try machine.remote.git("for-each-ref", "--format=%(refname:short)", "refs/heads") == "main")
    }
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
  }

  @Test func aPullRequestThatIsNeedlessIsClosedAndSaysWhy() async throws {
    let bench = try await bench("gitlab", "when: always, autoMerge: false")
    let machine = bench.machine
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: bad\n"], "Break it")
      try await watcher.lines.line(containing: "waits in pull request #1")
      try machine.push(["app.yaml": "a: 1\n"], "Somebody has reverted it by hand")
      try await watcher.lines.line(containing: "is closed: ")
    }
    let review = try #require(try bench.host.reviews.first)
    #expect(review.state == "closed" && review.comments.first?.contains("on the branch has it") == true, "\(review)")
    #expect(try machine.remote.git("for-each-ref", "--format=%(refname:short)", "refs/heads") == "main")
    let status = try await machine.mooring("status", "production").expect(0)
    #expect(status.output.contains("synced"), "\(status)")
    let report = try await machine.mooring("incident", "production").expect(0).output
    #expect(report.contains("is closed: ") && report.contains("its branch is deleted"), "\(report)")
  }

  @Test func aPullRequestThatIsClosedHoldsAndAPersonTakesTheBranchAsItIs() async throws {
    let bench = try await bench("gitea", "when: always")
    let machine = bench.machine
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      try machine.push(["app.yaml": "a: bad\n"], "Break it")
      try await watcher.lines.line(containing: "waits in pull request #1")
      try bench.host.act("close")
      try await watcher.lines.line(containing: "was closed without being merged")
      let status = try await machine.mooring("status", "production").expect(2)
      #expect(status.output.contains("held by mooring") && status.output.contains("mooring resume"), "\(status)")
      try await machine.mooring("resume", "production", "--reason", "as it is").expect(0)
      try await watcher.lines.line(containing: "blocked: v2 isn't deployed")
    }
    #expect(try machine.live("app.yaml") == "a: 1\n")
  }
}
