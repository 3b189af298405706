import GitRemotes
import MooringModel
import Testing

@testable import Mooring

/// Requests made from configuration (SSRF): CVE-2026-32828, CVE-2026-44936.
@Suite("Requests made from configuration", .timeLimit(.minutes(10))) struct RequestForgeryTests {
  private func gate(_ check: GateConfiguration.Check, allowing: Bool = false) -> GateConfiguration {
    GateConfiguration(name: "gate", check: check, allowsLinkLocal: allowing)
  }

  @Test(
    "link-local and metadata addresses are refused, however they are spelled",
    arguments: [
      "169.254.169.254", "169.254.0.1", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "fe80::1", "fd00:ec2::254",
      "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "[fe80::1]", "100.100.100.200", "168.63.129.16",
    ])
  func refused(host: String) async throws {
    let gate = gate(.tcp(host: host, port: 80))
    let detail = try await NetworkProbe(root: nil).probe(gate, within: .milliseconds(100))
    #expect(detail?.contains("allowLinkLocal") == true, "\(detail ?? "nil")")
  }

  @Test(
    "other addresses are asked", arguments: ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "169.253.1.1", "fd00::1"])
  func asked(host: String) throws {
    #expect(try !HostAddress.isForbidden(#require(HostAddress.literal(host))))
  }

  @Test("a gate by HTTP or TCP doesn't connect there, and says how it may")
  func gates() async throws {
    let http = gate(.http(url: "http://169.254.169.254/latest/meta-data", status: 200, contains: nil))
    let six = gate(.http(url: "http://[fe80::1]/", status: 200, contains: nil))
    for gate in [http, six, gate(.tcp(host: "169.254.169.254", port: 80))] {
      let detail = try await NetworkProbe(root: nil).probe(gate, within: .seconds(5))
      #expect(detail?.contains("link-local or metadata address") == true, "\(detail ?? "nil")")
    }
    let allowed = gate(.tcp(host: "169.254.169.254", port: 80), allowing: true)
    let detail = try await NetworkProbe(root: nil).probe(allowed, within: .milliseconds(100))
    #expect(detail?.contains("link-local or metadata address") != true)
  }

  @Test("only the operator's file allows them", arguments: [("", false), (", allowLinkLocal: true", true)])
  func configured(keys: String, isAllowed: Bool) throws {
    let text = """
      repositories: { config: { url: /srv/git } }
      environments:
        production:
          repository: config
          target: { host: { root: /srv/app } }
          gates: [ { http: { url: "http://169.254.1.1/"\(keys) } }, { tcp: { address: "169.254.1.1:80"\(keys) } } ]
      """
    let configuration = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
    let gates = try #require(configuration.environments.values.first?.gates)
    #expect(gates.map(\.allowsLinkLocal) == [isAllowed, isAllowed])
  }
}
