import Mooring
import MooringModel
import Testing

/// Reading `signals`, `verdict` and the `prometheus` gate of `mooring.yaml`.
@Suite struct SignalConfigurationTests {
  private func read(_ lines: String) throws -> EnvironmentConfiguration? {
    let text = """
      repositories: { config: { url: /srv/git } }
      environments:
        production:
          repository: config
          target: { host: { root: /srv/app } }
      \(lines.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      """
    return try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml").environments.values.first
  }

  private func problems(_ lines: String) -> String {
    do {
      _ = try read(lines)
      return ""
    } catch { return "\(error)" }
  }

  @Test func signalsAreReadWithTheirDefaults() throws {
    let configuration = try read(
      """
      signals: [ { name: errors, better: lower, url: "https://p.example.com/", query: "sum(x)", tokenFile: token } ]
      verdict: { before: 2m, after: 30s, step: 1s }
      """)
    let signal = try #require(configuration?.signals.signals.first)
    #expect(signal.name == "errors" && signal.better == .lower && signal.leastChange == 0)
    #expect(signal.query.url == "https://p.example.com" && signal.query.tokenFile == "/etc/mooring/token")
    #expect(
      configuration?.signals.verdict.before == .seconds(120) && configuration?.signals.verdict.sample == .seconds(15))
  }

  @Test func aGateAsksForAValueInBetween() throws {
    let gate = try #require(
      try read("gates: [ { prometheus: { url: \"http://127.0.0.1:9090\", query: up, above: 0.5, timeout: 2s } } ]")?
        .gates
        .first)
    #expect(gate.name == "up" && gate.timeout == .seconds(2))
    #expect(
      gate.check
        == .prometheus(
          PrometheusQuery(url: "http://127.0.0.1:9090", query: "up", timeout: .seconds(2)), above: 0.5, below: nil))
  }

  private static let start = "signals: [ { name: a, better: lower, query: up, url: "

  @Test(arguments: [
    (start + "\"ftp://x\" } ]", "should be https://host/path"),
    (start + "\"https://ann:pw@x\" } ]", "has credentials in it"),
    (start + "\"http://x\", tokenFile: t } ]", "would show the token"),
    (start + "\"http://169.254.169.254\" } ]", "link-local or metadata"),
    (start + "\"https://x?y=1\" } ]", "without a query"),
    (start + "\"https://x\", leastChange: -1 } ]", "should be 0 or more"),
    (start + "\"https://x\", timeout: 1h } ]", "should be from 100ms to 60s"),
    (start + "\"https://x\", step: 1s } ]", "unknown key"),
    ("signals: [ { name: a, query: up, url: \"https://x\" } ]", "missing"),
    ("signals: [ { name: a, better: less, query: up, url: \"https://x\" } ]", "should be one of lower, higher"),
    ("verdict: { before: 6h, step: 1s }", "values of each signal"),
    ("verdict: { after: 5s, step: 5s }", "leaves fewer than 5 values"),
    ("verdict: { after: 2h }", "should be from 1s to 3600s"),
    ("gates: [ { prometheus: { url: \"http://x\", query: up } } ]", "should have `below` or `above`"),
    ("gates: [ { prometheus: { url: \"http://x\", query: up, above: 2, below: 1 } } ]", "could never hold"),
  ]) func whatCantBeIsRefused(_ lines: String, _ said: String) {
    #expect(problems(lines).contains(said), "\(problems(lines))")
  }
}
