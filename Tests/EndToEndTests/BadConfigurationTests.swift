import MooringTestSupport
import Testing

/// What `mooring.yaml` gets that isn't right: all problems at once, each with its place, and nothing done.
@Suite(.inTurn) struct BadConfigurationTests {
  @Test func everyProblemIsSaidAtOnceWithFileLineKeyAndTheNearestKey() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.folder.write(
      """
      repositories:
        config: { url: \(machine.remote.path), pol: 30s }
      environments:
        production:
          repository: confg
          target: { host: { root: \(machine.root), keep: 1 } }
          gates: [ { http: { url: "ftp://x" } } ]
      """, to: "mooring.yaml")
    let answer = try await machine.mooring("status")
    #expect(answer.status == 1)
    let file = machine.configuration
    #expect(answer.errors.contains("\(file):2:"))
    #expect(answer.errors.contains("repositories.config.pol: unknown key; did you mean \"poll\"?"))
    #expect(answer.errors.contains("\(file):5:"))
    #expect(
      answer.errors.contains(
        "environments.production.repository: no repository has this name; did you mean \"config\"?"))
    #expect(answer.errors.contains("\(file):6:"))
    #expect(answer.errors.contains("keep: should be at least 2"))
    #expect(answer.errors.contains("\(file):7:"))
    #expect(answer.errors.contains("url: should begin with http:// or https://"))
    #expect(answer.errors.contains("mooring init"))
    #expect(!machine.exists("root"), "nothing may be touched")
  }

  @Test(arguments: [
    ("environments: [", "mooring.yaml:"), ("a: &x [*x]", "mooring.yaml:"), ("\u{1}", "mooring.yaml:1:"),
    ("", "no environments"), ("- list", "should be a mapping"),
  ])
  func aFileThatIsNoConfigurationIsSaidSo(_ text: String, _ words: String) async throws {
    let machine = try Machine()
    try machine.folder.write(text, to: "mooring.yaml")
    let answer = try await machine.mooring("run", "--once")
    #expect(answer.status == 1)
    #expect(answer.errors.contains(words), "\(answer)")
    #expect(answer.errors.contains("mooring.yaml:"))
  }

  @Test func aMissingConfigurationSaysHowToMakeOne() async throws {
    let machine = try Machine()
    let answer = try await machine.mooring("status", "--config", machine.folder["nothing.yaml"])
    #expect(answer.status == 1)
    #expect(answer.errors.hasPrefix("mooring: \(machine.folder["nothing.yaml"]): the configuration can't be read"))
    #expect(answer.errors.contains("mooring init"))
  }

  @Test(arguments: [
    ("--upload-pack=/bin/sh", "not a URL or a path"), ("\"-oProxyCommand=x\"", "not a URL or a path"),
    ("git://git.example.com/config.git", "the scheme \"git\" is not allowed"),
    ("ftp://git.example.com/config.git", "the scheme \"ftp\" is not allowed"),
    ("\"ext::sh -c id\"", "remote helpers are not allowed"), ("http://git.example.com/config.git", "allowHTTP"),
  ])
  func aURLThatIsAnOptionOrOfAnUnknownSchemeIsRefused(_ url: String, _ words: String) async throws {
    let machine = try Machine()
    try machine.configure(url: url)
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1)
    #expect(answer.errors.contains(words), "\(answer)")
    #expect(answer.errors.contains("mooring.yaml:3:"), "\(answer)")
    #expect(!machine.exists("root"))
  }

  @Test func aRelativeConfigurationAndRelativePathsInItWork() async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    try machine.configure(root: "./somewhere/../somewhere/root")
    try machine.folder.write("", to: "somewhere/keep")
    let answer = try await machine.mooring("sync", "production", "--config", "mooring.yaml")
    #expect(answer.status == 0, "\(answer)")
    #expect(try machine.live("app.yaml", root: machine.folder["somewhere/root"]) == "a: 1\n")
  }
}
