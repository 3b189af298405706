import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("The operator's programs")
struct ProgramStepTests {
  let release: StaticContents

  init() throws {
    release = try StaticContents(["app.conf": "port = 1\n"])
  }

  @Test("the check sees the written release before it is live, and its output is reported")
  func validate() async throws {
    let host = try Host { $0.validate = ["/bin/sh", "-c", "echo {release} {other}; cat {root}/app.conf"] }
    try await host.carryOut(.materialise(release.digest), release)
    let report = try await host.carryOut(.validate(release.digest), release)
    #expect(report.output == "\(release.digest.hex) {other}\nport = 1\n")
    #expect(!host.folder.exists("app/current"))
  }

  @Test("the reload sees what is live through current")
  func reload() async throws {
    let host = try Host { $0.reload = ["/bin/sh", "-c", "echo {root}; cat {root}/app.conf"] }
    try await host.deploy(release)
    let report = try await host.carryOut(.reload(release.digest), release)
    #expect(report.output == "\(host.folder["app"])/current\nport = 1\n")
  }

  @Test("without a configured program nothing runs, and the report says so")
  func none() async throws {
    let host = try Host()
    #expect(try await host.carryOut(.validate(release.digest), release).summary == "no check is configured")
    #expect(try await host.carryOut(.reload(release.digest), release).summary == "nobody is to be told")
  }

  @Test(
    "a program that fails, is killed, hangs or isn't there is a fault with the end of what it said",
    arguments: [
      ("echo line 7 is bad; exit 3", "failed with exit status 3", "its last output: line 7 is bad\n"),
      ("kill -9 $$", "was ended by signal 9", "it printed nothing; run it by hand to see why"),
      ("echo slow; sleep 60", "did not end within 1.0 seconds", "its last output: slow\n"),
    ])
  func failures(_ script: String, _ ending: String, _ remedy: String) async throws {
    let host = try Host {
      $0.validate = ["/bin/sh", "-c", script]
      $0.reload = ["/bin/sh", "-c", script]
      $0.validateTimeLimit = .seconds(1)
      $0.reloadTimeLimit = .seconds(1)
    }
    try await host.deploy(release)
    for (step, role) in [
      (Step.validate(release.digest), "the check of the release"), (.reload(release.digest), "the reload"),
    ] {
      let fault = await host.fault(step, release)
      #expect(fault?.code == .program)
      #expect(fault?.what == "\(role) \(ending)")
      #expect(fault?.place == "/bin/sh")
      #expect(fault?.remedy == remedy)
    }
    #expect(try await host.layout.observe().deployed == release.digest)
  }

  @Test("a program that isn't there is a fault")
  func missing() async throws {
    let host = try Host { $0.validate = ["no-such-checker"] }
    try await host.carryOut(.materialise(release.digest), release)
    let fault = await host.fault(.validate(release.digest), release)
    #expect(fault?.code == .program)
    #expect(fault?.what.contains("there is no such program") == true)
  }

  @Test("a fault holds at most 2 KiB of output, the end of it")
  func longOutput() async throws {
    let host = try Host { $0.validate = ["/bin/sh", "-c", "seq 1 100000; echo the cause; exit 1"] }
    try await host.carryOut(.materialise(release.digest), release)
    let fault = await host.fault(.validate(release.digest), release)
    #expect(fault?.remedy?.hasSuffix("the cause\n") == true)
    #expect((fault?.remedy?.utf8.count ?? .max) <= 2048)
  }

  @Test("a release that isn't written can't be checked")
  func unwritten() async throws {
    let host = try Host { $0.validate = ["true"] }
    #expect(await host.fault(.validate(release.digest), release)?.what == "the release is not on this machine")
  }
}
