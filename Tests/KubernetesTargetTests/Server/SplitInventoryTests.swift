import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane: inventories that are too large for one ConfigMap.
@Suite("An inventory of several parts", .inTurn, .timeLimit(.minutes(30))) struct SplitInventoryTests {
  /// Objects with names that are as long as they may be.
  private func inventory(_ objects: Int, _ more: [String] = [], of release: String) -> ClusterInventory {
    let kind = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
    let names = (0..<objects).map { "a\($0)-" + String(repeating: "x", count: 240) } + more
    let items = names.map { name in
      ClusterInventory.Item(
        reference: ObjectReference(kind, namespace: "shop", name: name), applied: nil, keeping: .ordinary)
    }
    return ClusterInventory(release: ContentID(hex: String(repeating: release, count: 20)), pending: nil, items: items)
  }

  @Test func isWatchedAsAWhole() async throws {
    let site = try await LiveEnvironment()
    let store = try InventoryStore(
      client: site.client, namespace: site.namespace, environment: EnvironmentName(site.namespace))
    var stored = try await store.write(inventory(2000, of: "0a"), over: store.read())
    #expect(!stored.parts.isEmpty)
    let watch = try await site.target.watch(LookRules())
    // Another program deploys, and what is new stands in the last part.
    stored = try await store.write(inventory(2000, ["z"], of: "0b"), over: stored)
    // The watch ends, so that another one is begun with what is there now.
    let hasEnded = await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in watch.changes {}
        return !Task.isCancelled
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(30))
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
    #expect(hasEnded)
  }
}
