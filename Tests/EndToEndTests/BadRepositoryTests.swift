import Foundation
import Glibc
import MooringTestSupport
import Processes
import Testing

/// Remotes that can't be read, or don't have what is asked for.
@Suite(.inTurn) struct BadRepositoryTests {
  @Test func aRemoteThatIsNotThereIsNamedAndNothingIsLost() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try FileManager.default.moveItem(atPath: machine.remote.path, toPath: machine.folder["away"])
    defer { try? FileManager.default.moveItem(atPath: machine.folder["away"], toPath: machine.remote.path) }
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains(machine.remote.path), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try await machine.mooring("status").status == 0, "reading works offline")
    #expect(try await machine.mooring("run", "--once").status == 1)
  }

  @Test func aRemoteThatIsNoRepositoryIsNamed() async throws {
    let machine = try Machine()
    try machine.folder.write("no repository", to: "remote/HEAD")
    try machine.configure(url: machine.folder["remote"])
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains(machine.folder["remote"]), "\(answer)")
    #expect(!machine.exists("root"))
    let once = try await machine.mooring("run", "--once")
    #expect(once.status == 1)
    #expect(!once.errors.contains("branch"), "nobody knows yet whether it is there: \(once)")
  }

  @Test func aRemoteWithBrokenObjectsChangesNothing() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    let blob = try machine.author.git("rev-parse", "HEAD:app/app.yaml")
    let object = machine.remote.path + "/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
    chmod(object, 0o644)
    try Data("broken".utf8).write(to: URL(filePath: object))
    let before = try machine.author.git("ls-remote", machine.state + "/repositories/config.git", "refs/remotes/*")
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1, "\(answer)")
    #expect(answer.errors.contains(blob) || answer.errors.contains(machine.remote.path), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    let after = try machine.author.git("ls-remote", machine.state + "/repositories/config.git", "refs/remotes/*")
    #expect(before == after, "the branch may not move to what isn't whole")
  }

  @Test func anEmptyRepositorySaysWhatToPush() async throws {
    let machine = try Machine()
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("no branch \"main\""), "\(answer)")
    #expect(answer.errors.contains(machine.remote.path))
    #expect(answer.errors.contains("push it, or name another with `branch`"))
    try machine.push(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0, "and then it works")
    #expect(try machine.live("app.yaml") == "a: 1\n")
  }

  @Test func aBranchThatVanishesIsSaidAndProductionStays() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.remote.git("update-ref", "-d", "refs/heads/main")
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1, "\(answer)")
    #expect(answer.errors.contains("no branch \"main\""), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.live("app.yaml") == "a: 2\n")
    #expect(try await machine.mooring("releases", "production").output.contains("v2"))
  }

  @Test func aPathThatDoesNotExistIsNamed() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(path: "nowhere/here")
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("nowhere/here"), "\(answer)")
    #expect(answer.errors.contains("`path`"))
    #expect(!machine.exists("root"))
  }

  @Test func aPathThatVanishesIsRefusedAndComesBack() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.author.commit("Move", files: ["app/app.yaml": nil, "other/app.yaml": "a: 1\n"])
    try machine.publish()
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("v2 can't be rendered: the input path \"app\" doesn't exist"), "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    try machine.push(["app.yaml": "a: 3\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.live("app.yaml") == "a: 3\n")
  }

  @Test func aRemoteThatHangsIsGivenUpAfterItsTimeout() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(repository: ["timeout: 1s"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.hangRemote()
    let start = ContinuousClock.now
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("did not answer within 1.0 seconds"), "\(answer)")
    #expect(answer.errors.contains("`timeout`"))
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(try machine.live("app.yaml") == "a: 1\n")
    #expect(try await machine.processesLeft().isEmpty)
  }

  @Test func aRollbackBesideAHangingRemoteRestoresAtOnceAndOwesTheRevert() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(repository: ["timeout: 2s"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.push(["app.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    try machine.hangRemote()
    let answer = try await machine.mooring("rollback", "production", "--reason", "bad", "--yes", "--output", "json")
    #expect(answer.status == 3, "\(answer)")
    #expect(try machine.live("app.yaml") == "a: 1\n")
    let milliseconds = try #require(answer.json()["milliseconds"] as? Int)
    #expect(milliseconds < 2_000, "production doesn't wait for the push")
    try machine.unhangRemote()
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect((try await machine.status()["owed"] as? [Any])?.isEmpty == true)
    #expect(try machine.remote.git("show", "main:app/app.yaml") == "a: 1")
  }
}

extension Machine {
  /// Whoever reads the remote's references waits for ever.
  func hangRemote() throws {
    guard mkfifo(remote.path + "/packed-refs", 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  func unhangRemote() throws { try FileManager.default.removeItem(atPath: remote.path + "/packed-refs") }

  /// Programs that still have this machine's state directory in their environment.
  func processesLeft() async throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard Int(name) != nil, let data = FileManager.default.contents(atPath: "/proc/\(name)/environ") else {
        return false
      }
      return String(decoding: data, as: UTF8.self).contains("MOORING_STATE=\(state)")
    }
  }
}
