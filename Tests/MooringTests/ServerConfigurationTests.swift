import Mooring
import MooringModel
import Testing

/// Reading `server` of `mooring.yaml`.
@Suite struct ServerConfigurationTests {
  private static func file(_ server: String, host: Bool = false, second: String = "") -> String {
    let cluster = "kubernetes: { kubeconfig: /k, namespace: shop }"
    return """
      repositories: { config: { url: /srv/git } }
      environments:
        production: { repository: config, target: { \(host ? "host: { root: /srv/app }" : cluster) } }
        \(second)
      server: { \(server) }
      """
  }

  private static let otherCluster = "staging: { repository: config, target: { kubernetes: { kubeconfig: /other } } }"
  private static let sameCluster =
    "staging: { repository: config, target: { kubernetes: { kubeconfig: /k, namespace: other } } }"

  private func read(_ text: String) throws -> ServerOptions? {
    try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml").server
  }

  private func problems(_ text: String) -> String {
    do {
      _ = try read(text)
      return ""
    } catch { return "\(error)" }
  }

  @Test func itListensOnLoopbackUnlessItIsToldOtherwise() throws {
    #expect(
      try read(
        "repositories: { c: { url: /x } }\nenvironments: { p: { repository: c, target: { host: { root: /r } } } }")
        == nil)
    let options = try read(Self.file("listen: \"[::1]:99\", audit: [ { tokenFile: token } ]"))
    #expect(options?.listen.description == "[::1]:99" && options?.listen.isLoopback == true)
    #expect(options?.audit.map(\.tokenFile) == ["/etc/mooring/token"])
    #expect(options?.audit.first?.cluster.kubeconfig == "/k")
    #expect(try read(Self.file("tls: { certificate: a.pem, key: /b.pem }"))?.listen == .standard)
  }

  @Test func aDriftWaitsForItsAuthorWhereAnAPIServerTellsOfThem() throws {
    func settle(_ server: String, _ drift: String = "") throws -> Duration? {
      let text = Self.file(server).replacing("production: {", with: "production: { \(drift)")
      return try ConfigurationFile.parse(Array(text.utf8), path: "/m.yaml").environments.values.first?.policy.drift
        .settle
    }
    #expect(try settle("listen: \"127.0.0.1:99\"") == .milliseconds(50))
    #expect(try settle("audit: [ { tokenFile: token } ]") == .milliseconds(180))
    #expect(try settle("audit: [ { tokenFile: token } ]", "drift: { settle: 50ms },") == .milliseconds(50))
  }

  @Test(arguments: [
    (file("lissten: x"), "did you mean \"listen\"?"), (file("listen: 8420"), "should be a string"),
    (file("listen: \"8420\""), "an address and a port"), (file("listen: \"a b:1\""), "an address and a port"),
    (file("listen: \"127.0.0.1:70000\""), "an address and a port"), (file("listen: \":1\""), "an address and a port"),
    (file("tls: { certificate: /c }"), "server.tls.key: missing"), (file("audit: [ {} ]"), "tokenFile: missing"),
    (file("audit: { tokenFile: /t }"), "should be a list of mappings"),
    (file("audit: [ { tokenFile: /t, environments: [produktion] } ]"), "did you mean \"production\"?"),
    (file("audit: [ { tokenFile: /t } ]", host: true), "no environment is in a cluster"),
    (file("audit: [ { tokenFile: /t }, { tokenFile: /t } ]"), "each needs a token of its own"),
    (file("audit: [ { tokenFile: /t } ]", second: otherCluster), "should be of one cluster"),
    (file("listen: \"0.0.0.0:1\", audit: [ { tokenFile: /t } ]"), "should have `tls`"),
  ])
  func whatIsWrongIsNamed(text: String, problem: String) {
    #expect(problems(text).contains(problem), "\(problems(text))")
  }

  @Test(arguments: [
    file("audit: [ { tokenFile: /t } ]", second: sameCluster), file("listen: \"0.0.0.0:1\""),
    file("listen: \"0.0.0.0:1\", allowHTTP: true, audit: [ { tokenFile: /t } ]"),
    file("listen: \"0.0.0.0:1\", tls: { certificate: /c, key: /k }, audit: [ { tokenFile: /t } ]"),
    file(
      "audit: [ { tokenFile: /t, environments: [production] }, { tokenFile: /u, environments: [staging] } ]",
      second: otherCluster),
  ])
  func whatIsRightIsTaken(text: String) {
    #expect(problems(text) == "")
  }

  @Test(arguments: [
    ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("localhost:1", true), ("[::1]:1", true), ("0.0.0.0:1", false),
    ("10.0.0.1:1", false), ("127.example.com:1", false), ("[::]:1", false),
  ])
  func whatOnlyThisMachineReaches(text: String, isLoopback: Bool) {
    #expect(ListenAddress(text)?.isLoopback == isLoopback)
    #expect(ListenAddress(text)?.description == text)
  }
}
