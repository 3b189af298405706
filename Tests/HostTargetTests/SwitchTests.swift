import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("A switch of releases on a host")
struct SwitchTests {
  let one: StaticContents
  let two: StaticContents

  init() throws {
    one = try StaticContents([
      "app.conf": "port = 1\n", "bin/start": .script("#!/bin/sh\n"), "deep/er/file": "x", "alias": .link("deep/er"),
    ])
    two = try StaticContents(["app.conf": "port = 2\n", "empty": ""])
  }

  @Test("a first deployment makes the root, the release and the link to it")
  func first() async throws {
    let host = try Host()
    #expect(try await host.layout.observe() == Observation(deployed: nil))
    #expect(!host.folder.exists("app"), "observing changes nothing")
    try await host.deploy(one)
    #expect(try await host.layout.observe() == Observation(deployed: one.digest, retained: [one.digest]))
    #expect(host.linkTarget("app/current") == "releases/\(one.digest.hex)")
    #expect(try host.folder.read("app/current/app.conf") == "port = 1\n")
    #expect(try host.folder.read("app/current/alias/file") == "x")
    #expect(try host.folder.names("app/releases") == [one.digest.hex])
    #expect(try host.folder.names("app") == ["current", "releases"])
  }

  // In a process of its own, since the umask is the whole process's.
  @Test("nobody may change a release by accident, whatever the umask")
  func permissions() async throws {
    await #expect(processExitsWith: .success) {
      umask(0o077)
      let (host, one) = (try Host(), try SwitchTests().one)
      try await host.deploy(one)
      #expect(host.permissions("app") == 0o755)
      #expect(host.permissions("app/releases") == 0o755)
      #expect(host.permissions(host.release(one)) == 0o555)
      #expect(host.permissions("app/current/app.conf") == 0o444)
      #expect(host.permissions("app/current/bin") == 0o555)
      #expect(host.permissions("app/current/bin/start") == 0o555)
    }
  }

  @Test("going back is a switch without a write, and every step may be repeated")
  func back() async throws {
    let host = try Host()
    try await host.deploy(one)
    try await host.deploy(two)
    #expect(try host.folder.read("app/current/app.conf") == "port = 2\n")
    let report = try await host.carryOut(.materialise(one.digest), one)
    #expect(report.summary == "verified 4 files, all in place")
    try await host.carryOut(.activate(one.digest, expecting: two.digest), one)
    #expect(try host.folder.read("app/current/app.conf") == "port = 1\n")
    let again = try await host.carryOut(.activate(one.digest, expecting: two.digest), one)
    #expect(again.summary == "\(one.digest.short) was live already")
    #expect(try await host.layout.observe().retained == [one.digest, two.digest])
  }

  @Test("a switch that somebody else overtook is refused, and names both releases")
  func overtaken() async throws {
    let host = try Host()
    try await host.deploy(one)
    try await host.carryOut(.materialise(two.digest), two)
    let fault = await host.fault(.activate(two.digest, expecting: nil), two)
    #expect(fault?.code == .target)
    #expect(fault?.what == "\(one.digest.hex) is live where the plan saw nothing")
    #expect(try await host.layout.observe().deployed == one.digest)
  }

  @Test("a release that isn't on the machine can't be made live")
  func missing() async throws {
    let host = try Host()
    try await host.deploy(one)
    let fault = await host.fault(.activate(two.digest, expecting: one.digest), two)
    #expect(fault?.what == "the release is not on this machine")
    #expect(try await host.layout.observe().deployed == one.digest)
  }

  @Test("a current that isn't ours is named and left alone", arguments: ["folder", "file", "/etc", "releases/other"])
  func foreignCurrent(_ what: String) async throws {
    let host = try Host()
    try host.folder.write("keep", to: what == "folder" ? "app/current/kept" : "app/other")
    if what == "file" { try host.folder.write("keep", to: "app/current") }
    if what != "folder" && what != "file" { symlink(what, host.folder["app/current"]) }
    for step in [Step.materialise(one.digest), .activate(one.digest, expecting: nil), .retire(keeping: [])] {
      let fault = await host.fault(step, one)
      #expect(fault?.code == .target)
      #expect(fault?.place == host.folder["app/current"])
      #expect(fault?.remedy?.contains("move it away") == true)
    }
    await #expect(throws: Fault.self) { try await host.layout.observe() }
    await #expect(throws: Fault.self) { try await host.layout.recover() }
    #expect(!host.folder.exists("app/releases/\(one.digest.hex)"))
    switch what {
    case "folder": #expect(try host.folder.read("app/current/kept") == "keep")
    case "file": #expect(try host.folder.read("app/current") == "keep")
    default: #expect(host.linkTarget("app/current") == what)
    }
  }

  @Test("a step whose task is cancelled stops, says so, and leaves nothing half written")
  func cancelled() async throws {
    let host = try Host()
    try await host.deploy(two)
    let fault = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await host.fault(.materialise(one.digest), one)
    }.value
    #expect(fault?.code == .interrupted)
    #expect(try host.folder.names("app/releases") == [two.digest.hex])
  }

  @Test("contents of another release are refused")
  func otherContents() async throws {
    let host = try Host()
    #expect(await host.fault(.materialise(one.digest), two)?.code == .unexpected)
    #expect(!host.folder.exists("app"))
  }

  @Test("a root that is relative, climbs, is a link or is a file is refused")
  func roots() async throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "file")
    symlink("/tmp", folder["link"])
    for root in ["srv/app", "/", "", folder["a/../b"], folder["./b"], folder["link"], folder["file"], "/no/such/app"] {
      let layout = SwitchLayout(HostTargetOptions(root: root))
      let plan = Plan(from: nil, to: one.digest, changes: [], steps: [])
      await #expect(throws: Fault.self, "\(root)") {
        try await layout.carryOut(.materialise(one.digest), of: plan, contents: one)
      }
    }
    #expect(try folder.names() == ["file", "link"])
  }

  @Test("a folder of releases that is a link leads nobody outside")
  func linkedReleases() async throws {
    let host = try Host()
    try host.folder.write("x", to: "outside/kept")
    try host.folder.write("x", to: "app/kept")
    symlink("../outside", host.folder["app/releases"])
    #expect(await host.fault(.materialise(one.digest), one)?.code == .target)
    await #expect(throws: Fault.self) { try await host.layout.observe() }
    #expect(try host.folder.names("outside") == ["kept"])
  }
}
