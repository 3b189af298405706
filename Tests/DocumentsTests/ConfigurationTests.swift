import Documents
import Testing

@Suite struct ConfigurationTests {
  private enum OnDrift: String, CaseIterable { case stop, overwrite }

  private struct Settings: Equatable {
    var url: String?
    var poll: Duration?
    var prune: Bool?
    var paths: [String]?
    var onDrift: OnDrift?
    var size: Int?
    var names: [String] = []
    var gates: [String?] = []
  }

  private func read(_ text: String) -> (value: Settings?, problems: [String]) {
    let result = ConfigurationProblems.read(Array(text.utf8), as: .yaml, file: "mooring.yaml") { reader -> Settings? in
      var settings = Settings()
      settings.url = reader.string("url")
      settings.poll = reader.optionalDuration("poll")
      settings.paths = reader.optionalStrings("path")
      settings.size = reader.optionalInt("size")
      if let sync = reader.optionalMapping("sync") {
        settings.prune = sync.optionalBool("prune")
        settings.onDrift = sync.optionalChoice("onDrift")
        sync.finish()
      }
      for (name, environment) in reader.mappings("environments") {
        settings.names.append(name)
        _ = environment.string("repository")
        environment.finish()
      }
      for gate in reader.mappingList("gates") {
        settings.gates.append(gate.optionalString("http"))
        gate.finish()
      }
      reader.finish()
      return settings
    }
    return (result.value, result.problems.map(\.description))
  }

  @Test("a sound file gives its values, and no problem")
  func sound() {
    let result = read(
      """
      url: https://x
      poll: 1h30m
      path: [a, b]
      size: 0x10
      sync: { prune: true, onDrift: overwrite }
      environments: { production: { repository: c }, staging: { repository: d } }
      gates: [ { http: u }, { } ]
      """)
    #expect(result.problems == [])
    let expected = Settings(
      url: "https://x", poll: .seconds(5400), prune: true, paths: ["a", "b"], onDrift: .overwrite, size: 16,
      names: ["production", "staging"], gates: ["u", nil])
    #expect(result.value == expected)
  }

  @Test("everything that is wrong is reported at once, with file, line, column, key and what was meant")
  func wrong() {
    let result = read(
      """
      ulr: https://x
      poll: 30
      path: [a, 1.10]
      size: big
      sync:
        prune: yes
        onDrift: overwirte
        extra: 1
      environments:
        production: { repositry: c }
        staging: []
      gates: { http: u }
      """)
    #expect(
      result.problems == [
        "mooring.yaml:1:1: url: missing",
        "mooring.yaml:1:1: ulr: unknown key; did you mean \"url\"?",
        "mooring.yaml:2:7: poll: should be a duration such as 30s, 5m, 1h30m or 250ms, not \"30\"; did you mean \"30s\"?",
        "mooring.yaml:3:11: path[1]: should be a string, not a number; put it in quotes: \"1.10\"",
        "mooring.yaml:4:7: size: should be an integer, not a string",
        "mooring.yaml:6:10: sync.prune: should be true or false, not a string; did you mean \"true\"?",
        "mooring.yaml:7:12: sync.onDrift: should be one of stop, overwrite, not \"overwirte\"; did you mean \"overwrite\"?",
        "mooring.yaml:8:3: sync.extra: unknown key; valid keys are prune, onDrift",
        "mooring.yaml:10:15: environments.production.repository: missing",
        "mooring.yaml:10:17: environments.production.repositry: unknown key; did you mean \"repository\"?",
        "mooring.yaml:11:12: environments.staging: should be a mapping, not a list",
        "mooring.yaml:12:8: gates: should be a list of mappings, not a mapping",
      ])
  }

  @Test("what is no mapping at all is one problem, and an empty file an empty mapping")
  func noMapping() {
    #expect(read("- a").problems == ["mooring.yaml:1:1: should be a mapping, not a list"])
    #expect(read("a: [").problems.count == 1)
    #expect(read("a: [").value == nil)
    #expect(read("").problems == ["mooring.yaml:1:1: url: missing"])
    #expect(read("# only a comment\n").problems == ["mooring.yaml:1:1: url: missing"])
    #expect(read("url: x\n---\nurl: y\n").problems == ["mooring.yaml:3:1: the file holds 2 documents instead of one"])
  }

  @Test("a null counts as not there")
  func nulls() {
    #expect(read("url: ~\npoll:\n").problems == ["mooring.yaml:1:6: url: missing"])
  }

  @Test("a file full of nonsense is refused in bounded time and length")
  func flood() {
    let keys = (0..<100_000).map { "unknown\($0): 1\n" }.joined()
    #expect(read(keys).problems.count == 200)
  }

  @Test(
    "durations",
    arguments: [
      ("30s", Duration.seconds(30)), ("5m", .seconds(300)), ("1h30m", .seconds(5400)), ("250ms", .milliseconds(250)),
      ("7d", .seconds(604_800)), ("0", .zero), ("1m500ms", .milliseconds(60_500)), ("", nil), ("5", nil), ("s", nil),
      ("-5s", nil), ("1.5h", nil), ("5 s", nil), ("30m1h", nil), ("1s1s", nil), ("99999999999999999999s", nil),
      ("9223372036854775807d", nil), ("1y", nil),
    ])
  func durations(text: String, duration: Duration?) {
    #expect(DurationSyntax.duration(text) == duration)
  }

  @Test("a whole configuration, in the styles that people use, is read without a problem")
  func wholeConfiguration() throws {
    let text = """
      repositories:
        config: { url: https://git.example.com/platform/config.git, branch: main, poll: 30s, tokenFile: /run/secrets/git }
      environments:
        production:
          repository: config
          path: environments/production        # inputs
          render: plain
          target: { host: { root: /srv/app, persistent: [uploads], validate: [nginx, -t, -c, "{root}/nginx.conf"] } }
          sync: { automatic: true, prune: true, onDrift: stop }
          drift: { onDetect: alert, ignore: ["deployment/*:spec.replicas"] }
          gates: [ { http: { url: "http://127.0.0.1:8081/healthz", within: 30s } } ]
      notifications: [ { slack: { webhookFile: /run/secrets/slack }, on: [drift, rollback, failure] } ]
      server: { listen: 127.0.0.1:8420 }
      """
    let result = ConfigurationProblems.read(Array(text.utf8), as: .yaml, file: "mooring.yaml") { reader in
      for (_, repository) in reader.mappings("repositories") {
        #expect(repository.string("url") == "https://git.example.com/platform/config.git")
        #expect(repository.duration("poll") == .seconds(30))
        _ = (repository.string("branch"), repository.string("tokenFile"))
        repository.finish()
      }
      for (_, environment) in reader.mappings("environments") {
        let host = environment.mapping("target")?.mapping("host")
        #expect(host?.strings("validate") == ["nginx", "-t", "-c", "{root}/nginx.conf"])
        #expect(environment.mapping("sync")?.choice("onDrift") == OnDrift.stop)
        #expect(environment.mapping("drift")?.strings("ignore") == ["deployment/*:spec.replicas"])
        #expect(environment.mappingList("gates").first?.mapping("http")?.duration("within") == .seconds(30))
        #expect(environment.strings("path") == ["environments/production"])
      }
      #expect(reader.mappingList("notifications").first?.strings("on") == ["drift", "rollback", "failure"])
      #expect(reader.mapping("server")?.string("listen") == "127.0.0.1:8420")
      reader.finish()
      return true
    }
    #expect(result.problems == [])
    #expect(result.value == true)
  }
}
