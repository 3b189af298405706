import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("What isn't as it was left among the files of others")
struct InPlaceLookTests {
  let release: StaticContents

  init() throws {
    release = try StaticContents([
      "nginx/nginx.conf": "listen 80;\n", "app/run": .script("#!/bin/sh\n"), "app/key": "secret",
      "app/link": .link("key"), ".mooring-attributes": "key mode=0600\n",
    ])
  }

  private func host() async throws -> InPlaceHost {
    let host = try InPlaceHost()
    try host.folder.write("theirs", to: "etc/nginx/mime.types")
    try await host.deploy(release)
    return host
  }

  private func look(_ host: InPlaceHost, _ rules: LookRules = LookRules()) async throws -> [String] {
    try await host.layout.differences(from: release, in: .everything, rules).differences.map(LookTests.text)
  }

  @Test("ours wherever they are, others' only in folders of ours and in those that are watched")
  func found() async throws {
    let host = try await host()
    #expect(try await look(host) == [])
    LookTests.write("listen 81;\n", host.folder["etc/nginx/nginx.conf"])
    chmod(host.folder["etc/app/key"], 0o644)
    unlink(host.folder["etc/app/link"])
    try host.folder.write("x", to: "etc/app/new/x")
    try host.folder.write("x", to: "etc/nginx/conf.d/x")
    LookTests.write("x", host.folder["etc/app/.mooring-new-12345678-1"])
    let ours = ["app/key file → file", "app/link link → nothing", "app/new nothing → folder"]
    #expect(try await look(host) == ours + ["nginx/nginx.conf file → file"])
    let watched = try LookRules(watched: [RelativePath("nginx"), RelativePath("not/there")])
    #expect(
      try await look(host, watched) == ours + [
        "nginx/conf.d nothing → folder", "nginx/mime.types nothing → file", "nginx/nginx.conf file → file",
      ])
  }

  @Test("what another environment put into a folder of ours is theirs")
  func otherEnvironment() async throws {
    let host = try await host()
    var other = host
    other.environment = try EnvironmentName("other")
    try await other.deploy(StaticContents(["app/other.conf": "x", "nginx/other/a": "y"]))
    #expect(try await look(host, LookRules(watched: [RelativePath("nginx")])) == ["nginx/mime.types nothing → file"])
  }

  @Test("a root or a record that is gone is a fault, and not files")
  func gone() async throws {
    let host = try await host()
    try FileManager.default.removeItem(atPath: host.folder["etc/.mooring"])
    await #expect(throws: Fault.self) { try await look(host) }
    try FileManager.default.removeItem(atPath: host.folder["etc"])
    await #expect(throws: Fault.self) { try await look(host) }
  }

  @Test("is put back, with copies of what was there, and the untracked goes")
  func restored() async throws {
    let host = try await host()
    LookTests.write("listen 81;\n", host.folder["etc/nginx/nginx.conf"])
    chmod(host.folder["etc/app/key"], 0o644)
    unlink(host.folder["etc/app/link"])
    try host.folder.write("x", to: "etc/app/new/x")
    let found = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
    let report = try await host.carryOut(.restore(found.map(PutBackTests.restoration)), release)
    #expect(report.summary == "put back 4 objects")
    #expect(try await look(host) == [])
    let token = try #require(try host.folder.names("etc/.mooring/production/kept").first)
    let kept = "etc/.mooring/production/kept/\(token)"
    #expect(try host.folder.read("\(kept)/nginx/nginx.conf") == "listen 81;\n")
    #expect(try host.folder.read("\(kept)/app/new/x") == "x")
    #expect(!host.folder.exists("etc/.mooring/production/restoring.json"))
  }

  @Test("a whole folder of ours that was removed comes back")
  func folder() async throws {
    let host = try await host()
    try FileManager.default.removeItem(atPath: host.folder["etc/app"])
    let found = try await host.layout.differences(from: release, in: .everything, LookRules()).differences
    #expect(found.count == 4)
    // Without the folder itself: it is made on the way.
    let files = found.filter { $0.expected?.kind != .folder }
    let report = try await host.carryOut(.restore(files.map(PutBackTests.restoration)), release)
    #expect(report.summary == "put back 3 objects")
    #expect(try await look(host) == [])
  }

  @Test("what a stop left under a temporary name is put away by the next start")
  func leftOver() async throws {
    let host = try await host()
    let sum = "app/key".utf8.reduce(into: UInt64(0xCBF2_9CE4_8422_2325)) { $0 = ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let temporary = "etc/app/.mooring-put-" + String(sum, radix: 16)
    try host.folder.write("half", to: temporary)
    try host.folder.write("{\"objects\":[\"app/key\"]}", to: "etc/.mooring/production/restoring.json")
    #expect(try await look(host) == [])
    try await host.layout.recover()
    #expect(!host.folder.exists(temporary))
    #expect(!host.folder.exists("etc/.mooring/production/restoring.json"))
  }
}
