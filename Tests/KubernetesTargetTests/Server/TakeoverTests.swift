import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: objects that another tool has applied until now.
@Suite("Taking over from other tools", .inTurn) struct TakeoverTests {
  private static let before = Samples.map("a", "{x: '1', more: '1'}")

  /// How another tool applies, and what its fields are called after.
  static let tools: [(arguments: [String], manager: String)] = [
    ([], "kubectl-client-side-apply"),
    (["--server-side", "--field-manager", "kustomize-controller"], "kustomize-controller"),
  ]

  private func managers(_ site: LiveEnvironment) async throws -> [String] {
    try await site.get("ConfigMap", "a")?.managedFields.map(\.manager) ?? []
  }

  private func apply(_ tool: Int, _ text: String, _ site: LiveEnvironment) async throws {
    try await site.plane.kubectl(
      ["--namespace", site.namespace, "apply"] + Self.tools[tool].arguments + ["-f", "-"], input: text)
  }

  @Test(arguments: tools.indices) func whatTheyHaveSetIsChangedAndTakenAwayByUs(_ tool: Int) async throws {
    let manager = Self.tools[tool].manager
    let site = try await LiveEnvironment()
    try await apply(tool, Self.before, site)
    let next = Samples.map("a", "{x: '2'}")
    let fault = try await site.refusal(of: next)
    #expect(fault?.code == .conflict)
    #expect(fault?.remedy?.contains("takeOverFrom: [\(manager)]") == true, "\(String(describing: fault))")
    let moving = try await LiveEnvironment(namespace: site.namespace) { $0.takeOverFrom = [manager] }
    #expect(try await moving.target.preview(try moving.contents(next))?.objects.map(\.action) == [.change])
    try await moving.deploy(next)
    let map = try #require(try await site.get("ConfigMap", "a"))
    #expect(map.root["data"]?["x"]?.text == "2")
    #expect(map.root["data"]?["more"] == nil, "which the release doesn't have")
    #expect(map.annotation("kubectl.kubernetes.io/last-applied-configuration") == nil)
    #expect(try await managers(site) == ["mooring-\(site.namespace)@\(site.namespace)"])
    #expect(try await site.drift(from: site.contents(next)) == [])
  }

  @Test(arguments: tools.indices) func laterRemovalsAreOursToo(_ tool: Int) async throws {
    let site = try await LiveEnvironment { $0.takeOverFrom = [Self.tools[tool].manager] }
    try await apply(tool, Self.before, site)
    try await site.deploy(Self.before)
    try await site.deploy(Samples.map("a", "{x: '1'}"))
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["more"] == nil)
  }

  @Test func whatPeopleAndOthersHaveSetIsTheirsStill() async throws {
    let site = try await LiveEnvironment { $0.takeOverFrom = ["kubectl-client-side-apply"] }
    try await apply(0, Self.before, site)
    try await site.patch(site.reference("ConfigMap", "a"), "{data: {x: '3', z: '3'}}", by: "kubectl-edit")
    let fault = try await site.refusal(of: Samples.map("a", "{x: '2'}"))
    #expect(fault?.what.contains("data.x is set by kubectl-edit") == true, "\(String(describing: fault))")
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["more"]?.text == "1", "nothing has changed")
    try await site.deploy(Samples.map("a", "{more: '2'}"))
    #expect(try await site.get("ConfigMap", "a")?.root["data"]?["z"]?.text == "3")
  }

  @Test func itIsOnceOnly() async throws {
    let site = try await LiveEnvironment { $0.takeOverFrom = ["kubectl-client-side-apply"] }
    try await apply(0, Self.before, site)
    try await site.deploy(Self.before)
    try await apply(0, Samples.map("a", "{x: '7', more: '1'}"), site)
    let fault = try await site.refusal(of: Samples.map("a", "{x: '2', more: '1'}"))
    #expect(fault?.what.contains("data.x is set by kubectl-client-side-apply") == true, "\(String(describing: fault))")
  }
}
