import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real API server: the inventory in the cluster.
@Suite("An inventory in a cluster", .inTurn) struct InventoryStoreTests {
  private func maps(_ site: LiveEnvironment) async throws -> [String] {
    let resource = try await site.client.resource(for: GroupVersionKind(apiVersion: "v1", kind: "ConfigMap"))
    let selector = ObjectSelector(labels: InventoryStore.label)
    return try await site.client.page(of: resource, namespace: site.namespace, selector: selector).objects.map(\.name)
  }

  private func store(_ site: LiveEnvironment, _ name: String = "prod") throws -> InventoryStore {
    try InventoryStore(client: site.client, namespace: site.namespace, environment: EnvironmentName(name))
  }

  @Test func ofTwoWritersOneIsTold() async throws {
    let site = try await LiveEnvironment()
    let store = try store(site)
    let none = try await store.read()
    #expect(none.version == nil)
    let one = InventoryTextTests.inventory(3, seed: 1)
    let first = try await store.write(one, over: none)
    // Somebody who saw nothing either, and somebody who saw the first.
    let late = await #expect(throws: Fault.self) { try await store.write(one, over: none) }
    #expect(late?.code == .conflict)
    _ = try await store.write(InventoryTextTests.inventory(4, seed: 2), over: first)
    let stale = await #expect(throws: Fault.self) { try await store.write(one, over: first) }
    #expect(stale?.code == .conflict)
    #expect(try await store.read().inventory == InventoryTextTests.inventory(4, seed: 2))
  }

  @Test func aLargeOneLiesInPartsAndNoPartIsLeftBehind() async throws {
    let site = try await LiveEnvironment()
    let store = try store(site)
    let large = InventoryTextTests.inventory(20_000, seed: 3)
    var stored = try await store.write(large, over: try await store.read())
    #expect(stored.parts.count >= 2)
    #expect(try await store.read().inventory == large)
    // A writer that comes too late leaves nothing of its own, and nothing of ours is gone.
    let seen = stored
    var next = large
    next.pending = ContentID(hex: String(repeating: "ab", count: 20))
    stored = try await store.write(next, over: stored)
    await #expect(throws: Fault.self) { try await store.write(large, over: seen) }
    #expect(try await store.read().inventory == next)
    #expect(try await maps(site).count == 1 + stored.parts.count)
    stored = try await store.write(InventoryTextTests.inventory(5, seed: 4), over: stored)
    #expect(try await maps(site) == ["mooring-prod"])
    #expect(try await store.read().inventory == InventoryTextTests.inventory(5, seed: 4))
  }

  @Test func environmentsWhoseNamesResembleEachOtherKeepTheirs() async throws {
    let site = try await LiveEnvironment()
    let large = InventoryTextTests.inventory(20_000, seed: 3)
    let one = InventoryTextTests.inventory(1, seed: 5)
    _ = try await store(site, "prod").write(large, over: try await store(site, "prod").read())
    _ = try await store(site, "prod-1").write(one, over: try await store(site, "prod-1").read())
    #expect(try await store(site, "prod").read().inventory == large)
    #expect(try await store(site, "prod-1").read().inventory == one)
  }

  @Test(arguments: ["{objects: nonsense}", "{parts: kube-root-ca.crt}", "{parts: mooring-prod.gone}"])
  func whatSomebodyChangedInItIsRefused(_ data: String) async throws {
    let site = try await LiveEnvironment()
    try await site.kubectl(
      "create", "-f", "-", input: "{apiVersion: v1, kind: ConfigMap, metadata: {name: mooring-prod}, data: \(data)}")
    let fault = await #expect(throws: Fault.self) { try await store(site).read() }
    #expect(fault?.code == .target)
    #expect(fault?.description.contains("inventory") == true)
  }
}
