import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("Persistent paths")
struct PersistentTests {
  let paths: [RelativePath]
  let release: StaticContents

  init() throws {
    paths = [try RelativePath("uploads"), try RelativePath("var/log/app")]
    release = try StaticContents(["app.conf": "x", "var/fixed": "y"])
  }

  @Test("lie outside the releases, and each release links to them")
  func linked() async throws {
    let host = try Host { $0.persistent = paths }
    try await host.deploy(release)
    #expect(host.linkTarget("app/current/uploads") == "../../persistent/uploads")
    #expect(host.linkTarget("app/current/var/log/app") == "../../../../persistent/var/log/app")
    try host.folder.write("kept", to: "app/current/uploads/photo")
    try host.folder.write("kept", to: "app/current/var/log/app/today")
    let next = try StaticContents(["app.conf": "z"])
    try await host.deploy(next)
    #expect(try host.folder.read("app/current/uploads/photo") == "kept")
    #expect(try host.folder.read("app/current/var/log/app/today") == "kept")
    let report = try await host.carryOut(.materialise(release.digest), release)
    #expect(report.summary == "verified 2 files, all in place")
  }

  @Test("that a release itself contains are refused", arguments: ["uploads", "uploads/x", "var", "var/log/app/x"])
  func contained(_ path: String) async throws {
    let host = try Host { $0.persistent = paths }
    let contents = try StaticContents([path: "x", "other": "y"])
    let fault = await host.fault(.materialise(contents.digest), contents)
    #expect(fault?.code == .refusedContent)
    #expect(fault?.what == "the release contains a path that is kept outside releases")
  }

  @Test("that lie in one another are refused", arguments: ["uploads", "uploads/x"])
  func nested(_ second: String) async throws {
    let other = try RelativePath(second)
    let host = try Host { $0.persistent = paths + [other] }
    #expect(await host.fault(.materialise(release.digest), release)?.code == .configuration)
  }

  @Test("that are a link, a pipe or a set-user-id file are refused, and not followed")
  func special() async throws {
    for kind in ["link", "pipe", "setuid", "parent"] {
      let host = try Host { $0.persistent = paths }
      try host.folder.write("x", to: "app/persistent/var/log/other")
      try host.folder.write("x", to: "outside/kept")
      switch kind {
      case "link": symlink(host.folder["outside"], host.folder["app/persistent/uploads"])
      case "pipe": mkfifo(host.folder["app/persistent/uploads"], 0o600)
      case "setuid":
        try host.folder.write("x", to: "app/persistent/uploads")
        chmod(host.folder["app/persistent/uploads"], 0o4755)
      default:
        rename(host.folder["app/persistent/var"], host.folder["moved"])
        symlink(host.folder["outside"], host.folder["app/persistent/var"])
      }
      #expect(await host.fault(.materialise(release.digest), release)?.code == .target, "\(kind)")
      #expect(try host.folder.names("outside") == ["kept"])
    }
  }

  @Test("that were added to the configuration later are linked from releases that were there before")
  func addedLater() async throws {
    let host = try Host()
    try await host.deploy(release)
    var options = host.options
    options.persistent = paths
    let plan = Plan(from: release.digest, to: release.digest, changes: [], steps: [])
    let report = try await SwitchLayout(options)
      .carryOut(.materialise(release.digest), of: plan, contents: release)
    #expect(report.summary.hasPrefix("rebuilt"))
    #expect(host.linkTarget("app/current/uploads") == "../../persistent/uploads")
  }
}
