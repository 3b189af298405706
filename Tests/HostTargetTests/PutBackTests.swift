import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("Putting single objects back")
struct PutBackTests {
  @Test("each kind of change by hand is undone, and nothing is left behind", arguments: LookTests.changes.indices)
  func undone(_ index: Int) async throws {
    let change = LookTests.changes[index]
    let release = try LookTests().release
    let host = try Host()
    try await host.deploy(release)
    try change.change(host.folder[host.release(release)])
    let found = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
    let report = try await host.carryOut(.restore(found.map(Self.restoration)), release)
    #expect(report.summary == "put back \(found.count) \(found.count == 1 ? "object" : "objects")")
    let after = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
    #expect(after.map(LookTests.text) == [])
    #expect(try host.folder.names("app/releases").filter { $0.hasPrefix(".") } == [])
  }

  @Test("what changed since it was seen is left alone, and named, after all others are put back")
  func changedMeanwhile() async throws {
    let release = try LookTests().release
    let host = try Host()
    try await host.deploy(release)
    let at = host.folder[host.release(release)]
    LookTests.write("seen", at + "/app.conf")
    LookTests.write("seen", at + "/conf/a")
    LookTests.write("seen", at + "/conf/new")
    unlink(at + "/conf/deep/b")
    let found = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
    LookTests.write("later", at + "/app.conf")
    LookTests.write("later", at + "/conf/new")
    LookTests.write("later", at + "/conf/deep/b")
    let fault = await host.fault(.restore(found.map(Self.restoration)), release)
    #expect(
      fault?.what == "put back 1 object; left 3 that changed meanwhile: current/app.conf, current/conf/deep/b, "
        + "current/conf/new")
    #expect(fault?.code == .conflict)
    #expect(try host.folder.read(host.release(release) + "/app.conf") == "later")
    #expect(try host.folder.read(host.release(release) + "/conf/new") == "later")
    #expect(try host.folder.read(host.release(release) + "/conf/a") == "a")
  }

  @Test("the link to the live release, and a release that is gone as a whole")
  func linkAndRelease() async throws {
    let release = try LookTests().release
    let other = try StaticContents(["other": "x"])
    let host = try Host()
    try await host.deploy(other)
    try await host.deploy(release)
    unlink(host.folder["app/current"])
    symlink("releases/\(other.digest.hex)", host.folder["app/current"])
    try FileManager.default.removeItem(atPath: host.folder[host.release(release)])
    for _ in 0..<2 {
      let found = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
      _ = try await host.carryOut(.restore(found.map(Self.restoration)), release)
    }
    #expect(try host.folder.read("app/current/app.conf") == "port = 1\n")
    #expect(host.linkTarget("app/current") == "releases/\(release.digest.hex)")
  }

  @Test("thousands at once")
  func thousands() async throws {
    let release = try StaticContents(
      (0..<3000).map { ("d\($0 % 50)/f\($0)", StaticContents.Entry.text("\($0)")) })
    let host = try Host()
    try await host.deploy(release)
    let at = host.folder[host.release(release)]
    for index in 0..<2500 {
      let path = "\(at)/d\(index % 50)/f\(index)"
      if index % 3 == 0 { unlink(path) } else { LookTests.write("changed", path) }
    }
    let found = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
    #expect(found.count == 2500)
    let report = try await host.carryOut(.restore(found.map(Self.restoration)), release)
    #expect(report.summary == "put back 2500 objects")
    #expect(try await host.layout.differences(from: release, in: .everything, LookRules()).differences.isEmpty)
  }

  @Test("a program that writes all the time loses nothing that it wrote after it was seen")
  func contended() async throws {
    let release = try LookTests().release
    let host = try Host()
    try await host.deploy(release)
    let at = host.folder[host.release(release)]
    let path = at + "/app.conf"
    for round in 0..<30 {
      LookTests.write("seen \(round)", path)
      let found = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
      // One who replaces the file once, at some moment of the restoration.
      let writer = Meddler {
        LookTests.write("mine", at + "/../mine")
        return rename(at + "/../mine", path) == 0 ? 1 : 0
      }
      let fault = await host.fault(.restore(found.map(Self.restoration)), release)
      _ = writer.stop()
      #expect(fault == nil || fault?.code == .conflict || fault?.code == .target)
      #expect(try host.folder.read(host.release(release) + "/app.conf") == "mine")
    }
  }

  static func restoration(_ difference: LiveDifference) -> Restoration {
    Restoration(object: difference.object, seen: difference.found)
  }
}
