import Foundation
import MooringTestSupport
import Processes
import Testing

/// What `mooring runbook` prints is carried out, word for word, by a shell that has no Mooring.
@Suite(.inTurn) struct RunbookTests {
  /// Runs a script with nothing but Git and the usual tools.
  private func shell(_ script: String, _ machine: Machine) async throws {
    let environment = Program.scrubbed(adding: [
      "HOME": machine.folder.path, "GIT_AUTHOR_NAME": "Hand", "GIT_AUTHOR_EMAIL": "hand@example.com",
      "GIT_COMMITTER_NAME": "Hand", "GIT_COMMITTER_EMAIL": "hand@example.com", "TMPDIR": machine.folder.path,
    ])
    let outcome = try await run(
      Program(
        ["/bin/sh", "-xc", script], directory: machine.folder.path, environment: environment, timeLimit: .seconds(60)))
    #expect(outcome.succeeded, "\(outcome.output)\n\(script)")
  }

  private func deployTwice(_ machine: Machine, _ second: [String: String?]) async throws {
    try await machine.mooring("sync", "production").expect(0)
    try machine.push(second, "It's bad")
    try await machine.mooring("sync", "production").expect(0)
  }

  private func expectAgreement(_ machine: Machine) async throws {
    try await machine.mooring("sync", "production").expect(0)
    let status = try await machine.status()
    #expect(status["sync"] as? String == "synced" && status["health"] as? String == "healthy", "\(status)")
    try await machine.mooring("drift", "production").expect(0)
    #expect(try machine.fsck() == "")
  }

  @Test(arguments: [false, true])
  func theStepsByHandBringASwitchedHostBack(isFolderLost: Bool) async throws {
    let machine = try Machine(["app.yaml": "port: 1\n", "deep/er/a'b.txt": "x"])
    let told = machine.folder["told"]
    try machine.configure(
      host: [
        "persistent: [data/uploads]", "reload: [/bin/sh, -c, 'readlink -f \"$0\" >> \(told)', \"{root}\"]",
      ], environment: ["gates: [ { command: { run: [/usr/bin/test, -f, \"{root}/app.yaml\"] } } ]"])
    try await deployTwice(machine, ["app.yaml": "port: 2\n", "new.txt": "only the bad release has it"])
    let answer = try await machine.mooring("runbook", "production", "--output", "json").expect(0)
    let digest = try #require(try answer.json()["digest"] as? String)
    if isFolderLost {
      try FileManager.default.removeItem(atPath: machine.state + "/repositories")
      try await shell("chmod -R u+w releases/\(digest) && rm -r releases/\(digest)".inFolder(machine.root), machine)
    }
    let script = try await scriptBeforeTheLoss(answer)
    try await shell(script, machine)
    #expect(try machine.live("app.yaml") == "port: 1\n" && machine.live("deep/er/a'b.txt") == "x")
    #expect(try machine.live("new.txt") == nil)
    #expect(machine.exists("root/persistent/data/uploads"))
    #expect(FileManager.default.fileExists(atPath: machine.root + "/current/data/uploads"))
    #expect(try machine.folder.read("told").hasSuffix("/releases/\(digest)\n"))
    #expect(try machine.author.git("--git-dir", machine.remote.path, "show", "main:app/app.yaml") == "port: 1")
    try await expectAgreement(machine)
  }

  private func scriptBeforeTheLoss(_ answer: Machine.Answer) async throws -> String {
    let steps = try #require(try answer.json()["steps"] as? [[String: Any]])
    let commands = steps.filter { $0["byHand"] as? Bool == true }.flatMap { $0["commands"] as? [String] ?? [] }
    #expect(commands.count > 10)
    return "set -eu\n" + commands.joined(separator: "\n") + "\n"
  }

  @Test func theStepsByHandBringFilesInPlaceBack() async throws {
    let machine = try Machine(["app.yaml": "port: 1\n", "sub/keep.txt": "x"])
    try FileManager.default.createDirectory(atPath: machine.root, withIntermediateDirectories: true)
    try machine.folder.write("not Mooring's", to: "root/other.txt")
    try machine.configure(host: ["layout: inPlace"])
    try await deployTwice(machine, ["app.yaml": "port: 2\n", "new.txt": "only the bad release has it"])
    let script = try await machine.mooring("runbook", "production", "--script").expect(0).output
    try await shell(script, machine)
    #expect(try machine.folder.read("root/app.yaml") == "port: 1\n")
    #expect(!machine.exists("root/new.txt") && machine.exists("root/other.txt") && machine.exists("root/sub/keep.txt"))
  }

  /// A branch that takes no pushes, and reverts that are signed: the steps know of both.
  @Test(arguments: ["always", "protected"])
  func theStepsByHandAskForAReviewAndSign(_ when: String) async throws {
    let machine = try Machine(["app.yaml": "port: 1\n"])
    let keys = try SigningKeys()
    let signer = try await keys.ssh("ann")
    try machine.folder.write("token\n", to: "token")
    try machine.configure(environment: [
      "rollback:", "  sign: { sshKey: \(signer.key) }",
      "  push: { pullRequest: { provider: github, api: \"http://127.0.0.1:1\", project: o/n, allowHTTP: true,"
        + " when: \(when), tokenFile: \(machine.folder["token"]) } }",
    ])
    try await deployTwice(machine, ["app.yaml": "port: 2\n"])
    let answer = try await machine.mooring("runbook", "production").expect(0)
    #expect(answer.output.contains("make a pull request of `by-hand/revert-production` into `main`"), "\(answer)")
    let script = try await machine.mooring("runbook", "production", "--script").expect(0).output
    if when == "protected" {
      let hook = machine.remote.path + "/hooks/update"
      try Data("#!/bin/sh\n[ \"$1\" != refs/heads/main ]\n".utf8).write(to: URL(filePath: hook))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
    }
    try await shell(script, machine)
    #expect(try machine.live("app.yaml") == "port: 1\n")
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "port: 2", "nobody goes round the review")
    #expect(try machine.remote.git("show", "by-hand/revert-production:app/app.yaml") == "port: 1")
    #expect(
      try machine.remote.git("cat-file", "commit", "by-hand/revert-production").contains(
        "-----BEGIN SSH SIGNATURE-----"))
  }

  @Test func itNamesWhatIsConfiguredAndTouchesNothing() async throws {
    let machine = try Machine(["app.yaml": "port: 1\n"])
    try await machine.mooring("runbook", "production").expect(1)
    try await deployTwice(machine, ["app.yaml": "port: 2\n"])
    let before = try machine.references()
    let answer = try await machine.mooring("runbook", "production").expect(0)
    #expect(
      answer.output.contains("mooring rollback production --config \(machine.configuration) --state \(machine.state)"))
    #expect(answer.output.contains("git clone --quiet --branch main \(machine.remote.path)"), "\(answer)")
    #expect(answer.output.contains("mv -T .by-hand current"))
    #expect(try machine.references() == before && machine.live("app.yaml") == "port: 2\n")
  }

  @Test func aRunningWatcherStopsTheStepsByHand() async throws {
    let machine = try Machine(["app.yaml": "port: 1\n"])
    try await deployTwice(machine, ["app.yaml": "port: 2\n"])
    let script = try await machine.mooring("runbook", "production", "--script").expect(0).output
    let command = try #require(script.split(separator: "\n").first { $0.hasPrefix("flock") })
    try await machine.watching { running in
      // It has its lock by then.
      _ = try await running.lines.line(containing: "changes are seen")
      let outcome = try await run(Program(["/bin/sh", "-c", String(command)], timeLimit: .seconds(10)))
      #expect(!outcome.succeeded)
    }
  }
}

extension String {
  fileprivate func inFolder(_ folder: String) -> String { "cd '\(folder)'\n" + self }
}
