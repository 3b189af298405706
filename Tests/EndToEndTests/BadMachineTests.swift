import Foundation
import Glibc
import MooringTestSupport
import Processes
import Testing

/// Machines that are full, read-only, shared with others, or were used by a newer program.
@Suite(.inTurn) struct BadMachineTests {
  @Test(.enabled(if: Mount.isPermitted, "mounting isn't permitted here"))
  func aFullDiskUnderTheRootLeavesProductionAsItWas() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let disk = try await Mount(tmpfs: "256k", at: machine.folder["disk"])
    do {
      try machine.configure(root: machine.folder["disk/root"])
      #expect(try await machine.mooring("sync", "production").status == 0)
      try machine.push(["app.yaml": "a: 2\n", "big": try noise(kilobytes: 1024)])
      let answer = try await machine.mooring("sync", "production")
      #expect(answer.status == 1)
      #expect(answer.errors.contains("the disk is full"), "\(answer)")
      #expect(answer.errors.contains(machine.folder["disk/root"]))
      #expect(answer.errors.contains("free space"))
      #expect(try machine.live("app.yaml", root: machine.folder["disk/root"]) == "a: 1\n")
      #expect(try await machine.status()["health"] as? String == "healthy")

      try machine.push(["app.yaml": "a: 3\n", "big": nil])
      let fixed = try await machine.mooring("sync", "production")
      #expect(fixed.status == 0, "\(fixed)")
      #expect(try machine.live("app.yaml", root: machine.folder["disk/root"]) == "a: 3\n")
      #expect(try machine.folder.names("disk/root/releases").count == 2, "nothing half written stays")
    } catch {
      try await disk.end()
      throw error
    }
    try await disk.end()
  }

  @Test(.enabled(if: Mount.isPermitted, "mounting isn't permitted here"))
  func aFullDiskUnderTheStateDirectoryLosesNothing() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    let disk = try await Mount(tmpfs: "2m", at: machine.folder["disk"])
    let state = machine.folder["disk/state"]
    do {
      #expect(try await machine.mooring("sync", "production", state: state).status == 0)
      let before = try await machine.mooring("log", "production", "--reverse", "--limit", "0", state: state).output
      try machine.push(["app.yaml": "a: 2\n", "big": try noise(kilobytes: 4096)])
      let answer = try await machine.mooring("sync", "production", state: state)
      #expect(answer.status == 1, "\(answer)")
      #expect(answer.errors.contains("No space left on device") || answer.errors.contains("full"), "\(answer)")
      #expect(try machine.live("app.yaml") == "a: 1\n")

      try await disk.grow(to: "64m")
      let fixed = try await machine.mooring("sync", "production", state: state)
      #expect(fixed.status == 0, "\(fixed)")
      #expect(try machine.live("app.yaml") == "a: 2\n")
      let after = try await machine.mooring("log", "production", "--reverse", "--limit", "0", state: state).output
      #expect(after.hasPrefix(before), "\(before)\n---\n\(after)")
      let fsck = try machine.author.tryGit([
        "--git-dir", state + "/repositories/config.git", "fsck", "--strict", "--no-dangling",
      ])
      #expect(fsck.status == 0, "\(fsck.errors)")
    } catch {
      try await disk.end()
      throw error
    }
    try await disk.end()
  }

  @Test(.enabled(if: Mount.isPermitted, "mounting isn't permitted here"))
  func aReadOnlyRootIsSaidAndLeftAsItIs() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    let mount = try await Mount(readOnly: machine.root)
    let answer: Machine.Answer
    do {
      answer = try await machine.mooring("sync", "production")
    } catch {
      try await mount.end()
      throw error
    }
    try await mount.end()
    #expect(answer.status == 1)
    #expect(answer.errors.contains("the file system is read-only"), "\(answer)")
    #expect(answer.errors.contains(machine.root))
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.live("app.yaml") == "a: 2\n")
  }

  @Test func aStateDirectoryOfANewerVersionIsLeftAlone() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    let identity = try machine.folder.read("state/identity")
    try machine.folder.write("7 " + identity.dropFirst(2), to: "state/identity")
    try machine.push(["app.yaml": "a: 2\n"])
    for arguments in [["sync", "production"], ["status"], ["run", "--once"]] {
      let answer = try await machine.mooring(arguments)
      #expect(answer.status == 1)
      #expect(answer.errors.contains("is of version 7, and this program knows up to 1"), "\(answer)")
      #expect(answer.errors.contains("use a newer Mooring"))
    }
    #expect(try machine.live("app.yaml") == "a: 1\n")
    try machine.folder.write(identity, to: "state/identity")
    #expect(try await machine.mooring("sync", "production").status == 0, "and nothing was changed in it")
  }

  @Test func aStateDirectoryThatCannotBeMadeIsNamed() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.folder.write("a file", to: "in-the-way")
    let answer = try await machine.mooring("sync", "production", state: machine.folder["in-the-way/state"])
    #expect(answer.status == 1)
    #expect(answer.errors.contains(machine.folder["in-the-way/state"]), "\(answer)")
    #expect(answer.errors.contains("--state"))
    #expect(!machine.exists("root"))
  }

  @Test func aSecondWatcherOnTheSameStateEndsAtOnce() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try await machine.watching { watcher in
      try await watcher.lines.line(containing: "verified")
      for arguments in [["run"], ["run", "--once"]] {
        let second = try await machine.mooring(arguments)
        #expect(second.status == 1)
        #expect(second.errors.contains("another watcher works on this state directory"), "\(second)")
        #expect(second.errors.contains("--state"))
      }
      try machine.push(["app.yaml": "a: 2\n"])
      try await watcher.lines.line(containing: "deploying v2")
      try await machine.until("v2 is live") { try machine.live("app.yaml") == "a: 2\n" }
    }
  }

  @Test func aMissingReloadCommandIsAFailedDeploymentThatIsRevertedAndSaid() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.configure(host: ["reload: [/nonexistent/reload]"])
    try machine.push(["app.yaml": "a: 2\n"])
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("/nonexistent/reload: there is no such program"), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
    let status = try await machine.status()
    let holds = status["holds"] as? [[String: Any]]
    #expect(holds?.compactMap { $0["cause"] as? String } == ["restoredReleaseFailed"], "\(status)")

    try machine.configure(host: ["reload: [/bin/true]"])
    #expect(try await machine.mooring("resume", "production").status == 0)
    try machine.pull()
    try machine.push(["app.yaml": "a: 3\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.live("app.yaml") == "a: 3\n")
  }

  @Test func aReleaseThatValidateRefusesTouchesNothingAndIsNotReverted() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(host: [
      "validate: [/bin/sh, -c, \"if grep -q bad {root}/app.yaml; then echo it is bad; exit 1; fi\"]"
    ])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: bad\n"])
    let head = try machine.remote.git("rev-parse", "main")
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("the check of the release failed with exit status 1"), "\(answer)")
    #expect(answer.errors.contains("it is bad"))
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try machine.remote.git("rev-parse", "main") == head)
    try machine.push(["app.yaml": "a: 3\n"])
    #expect(try await machine.mooring("run", "--once").status == 0, "the fix behind it is deployed by itself")
    #expect(try machine.live("app.yaml") == "a: 3\n")
  }

  @Test func aGateThatHangsIsEndedAndTheReleaseIsReverted() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(environment: [
      "gates: [ { command: { name: smoke, run: [/bin/sh, -c, \"! grep -q bad {root}/app.yaml || sleep 600\"], within: 700ms } } ]"
    ])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: bad\n"])
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("gate smoke"), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
    #expect(try await machine.processesLeft().isEmpty)
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try machine.live("app.yaml") == "a: 1\n", "the reverted one isn't deployed again")
  }

  private func noise(kilobytes: Int) throws -> String {
    let random = try #require(FileHandle(forReadingAtPath: "/dev/urandom"))
    return try #require(try random.read(upToCount: kilobytes * 768)).base64EncodedString()
  }
}

/// A file system that is mounted for a test.
struct Mount {
  let path: String

  /// Whether this process may mount.
  static let isPermitted: Bool = {
    let probe = FileManager.default.temporaryDirectory.appending(path: "mooring-mount-\(getpid())").path
    guard mkdir(probe, 0o700) == 0 else { return false }
    defer { rmdir(probe) }
    guard mount("tmpfs", probe, "tmpfs", 0, "size=64k") == 0 else { return false }
    return umount(probe) == 0
  }()

  init(tmpfs size: String, at path: String) async throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try await Self.call("mount", "-t", "tmpfs", "-o", "size=\(size),nr_inodes=10k", "tmpfs", path)
  }

  init(readOnly path: String) async throws {
    self.path = path
    try await Self.call("mount", "--bind", path, path)
    try await Self.call("mount", "-o", "remount,bind,ro", path)
  }

  func grow(to size: String) async throws { try await Self.call("mount", "-o", "remount,size=\(size)", path) }
  func end() async throws { try await Self.call("umount", path) }

  private static func call(_ arguments: String...) async throws {
    let outcome = try await run(Program(arguments, timeLimit: .seconds(10)))
    guard outcome.succeeded else {
      throw LineLog.NeverCame(text: arguments.joined(separator: " "), lines: [outcome.output])
    }
  }
}
