import Foundation
import Git
import GitRemotes
import MooringTestSupport
import Testing

@Suite(.inTurn) struct WireResumeTests {
  @Test(
    "a first fetch that keeps breaking goes on where it was, and costs less than twice the pack",
    arguments: WireMode.allCases)
  func resumed(mode: WireMode) async throws {
    let remote = try WireHistory.make(commits: 2500, bytes: 600)
    let whole = try remote.tryGit(["pack-objects", "--stdout", "--revs", "--all", "--quiet"], input: []).output.count
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    let meter = WireMeter()
    var breaks = 0
    while true {
      meter.reopen(for: whole * 2 / 5)
      do {
        _ = try await NetworkRemote.fetch(
          into: repository, over: mode.channel(of: remote, meter: meter), refspecs: WireFetchTests.specs,
          again: { () throws(RemoteError) in
            do { return try mode.channel(of: remote, meter: meter) } catch {
              throw RemoteError(.unreachable, "\(error)")
            }
          })
        break
      } catch let error as RemoteError where error.code == .unreachable {
        breaks += 1
        #expect(try local.git("for-each-ref").isEmpty)
        try #require(breaks < 30)
      }
    }
    #expect(breaks >= 2)
    #expect(meter.received < 2 * whole, "received \(meter.received) of \(whole) in \(breaks + 1) tries")
    #expect(try local.git("fsck", "--full").isEmpty)
    let list = ["rev-list", "--objects", "--no-object-names"]
    let ours = try local.git(list + ["refs/remotes/origin/main"]).split(separator: "\n")
    #expect(try Set(ours) == Set(remote.git(list + ["main"]).split(separator: "\n")))
    #expect(try local.git("rev-list", "refs/remotes/origin/main") == remote.git("rev-list", "main"))
    #expect(!FileManager.default.fileExists(atPath: repository.path + "mooring.slices"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: repository.path + "mooring.incoming").isEmpty)
  }

  @Test("what a remote rewrote between two tries comes whole, and a damaged record is none")
  func rewrittenMeanwhile() async throws {
    let remote = try WireHistory.make(commits: 1500, bytes: 500)
    let local = try GitFixture(bare: true)
    let repository = try local.open()
    let meter = WireMeter(cutAfter: 150_000)
    await #expect(throws: RemoteError.self) {
      try await NetworkRemote.fetch(
        into: repository, over: WireMode.version2Stateless.channel(of: remote, meter: meter),
        refspecs: WireFetchTests.specs)
    }
    let record = repository.path + "mooring.slices"
    #expect(try String(contentsOfFile: record, encoding: .utf8).contains("border "))
    try remote.git("reset", "--quiet", "--hard", "main~700")
    try remote.commit(files: ["other": "1"])
    meter.reopen(for: .max)
    _ = try await NetworkRemote.fetch(
      into: repository, over: WireMode.version2Stateless.channel(of: remote, meter: meter),
      refspecs: WireFetchTests.specs)
    #expect(try local.git("rev-list", "refs/remotes/origin/main") == remote.git("rev-list", "main"))
    #expect(try local.git("rev-list", "--objects", "--all").isEmpty == false)

    let other = try GitFixture(bare: true)
    let fresh = try other.open()
    try Data("mooring slices 1\nborder \(String(repeating: "1", count: 40))\nend\n".utf8)
      .write(to: URL(filePath: fresh.path + "mooring.slices"))
    _ = try await NetworkRemote.fetch(
      into: fresh, over: WireMode.version2Stateless.channel(of: remote), refspecs: WireFetchTests.specs)
    #expect(try other.git("fsck", "--full").isEmpty)
  }
}
