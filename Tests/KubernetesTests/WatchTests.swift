import Documents
import MooringTestSupport
import Testing

@testable import Kubernetes

/// Against a real API server: objects are watched.
@Suite(.timeLimit(.minutes(5))) struct WatchTests {
  /// What comes next, bookmarks left out.
  private func next(_ events: inout ObjectWatch.Iterator) async throws -> String {
    while let event = try await events.next() {
      switch event {
      case .added(let object): return "added \(object.name)"
      case .modified(let object): return "modified \(object.name) \(object.root["data"]?["x"]?.text ?? "")"
      case .deleted(let object): return "deleted \(object.name)"
      case .vanished(let key): return "vanished \(key.name)"
      case .synced: return "synced"
      case .interrupted: return "interrupted"
      case .bookmark, .opened: continue
      }
    }
    return "end"
  }

  private func watch(_ cluster: Cluster) async throws -> ObjectWatch {
    let resource = try await cluster.client.resource(for: ClientFixture.configMap)
    return cluster.client.watch(
      resource, namespace: cluster.namespace, selector: ObjectSelector(fields: "metadata.name!=kube-root-ca.crt"))
  }

  @Test func whatIsThereIsToldAndThenWhatHappens() async throws {
    try await Cluster.with(pageSize: 1) { cluster in
      try await cluster.apply("a", "{x: '1'}")
      try await cluster.apply("b", "{x: '1'}")
      var events = try await watch(cluster).makeAsyncIterator()
      #expect(try await next(&events) == "added a")
      #expect(try await next(&events) == "added b")
      #expect(try await next(&events) == "synced")
      try await cluster.apply("c", "{x: '1'}")
      #expect(try await next(&events) == "added c")
      try await cluster.apply("a", "{x: '2'}")
      #expect(try await next(&events) == "modified a 2")
      try await cluster.client.delete(cluster.reference("b"))
      #expect(try await next(&events) == "deleted b")
    }
  }

  @Test func aRestartOfTheServerLosesNothing() async throws {
    var options = ControlPlane.Options()
    options.controllers = false
    options.kubelet = false
    let plane = try await ControlPlane(options)
    try await Cluster.with(plane: plane) { cluster in
      try await cluster.apply("a", "{x: '1'}")
      var events = try await watch(cluster).makeAsyncIterator()
      #expect(try await next(&events) == "added a")
      #expect(try await next(&events) == "synced")
      // Opens the watch: the list alone would survive.
      try await cluster.apply("a", "{x: '2'}")
      #expect(try await next(&events) == "modified a 2")
      try await plane.restartAPIServer()
      try await cluster.apply("a", "{x: '3'}")
      try await cluster.apply("b", "{x: '1'}")
      var told: [String] = []
      while told.last != "added b" { told.append(try await next(&events)) }
      #expect(told.contains("modified a 3"))
      #expect(!told.contains("end"))
    }
  }

  @Test func aWatchThatIsCancelledEnds() async throws {
    try await Cluster.with { cluster in
      let watch = try await watch(cluster)
      let (isSynced, synced) = AsyncStream.makeStream(of: Void.self)
      let error = await withTaskGroup(of: KubernetesError?.self) { group in
        group.addTask {
          do {
            for try await event in watch { if case .synced = event { synced.finish() } }
            return nil
          } catch { return error as? KubernetesError }
        }
        for await _ in isSynced {}
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(error?.code == .cancelled)
    }
  }

  @Test func aResourceThatIsNotThereEndsTheWatch() async throws {
    try await Cluster.with { cluster in
      let watch = cluster.client.watch(
        APIResource(ClientFixture.configMap, name: "nothings", isNamespaced: true), namespace: cluster.namespace)
      let error = await #expect(throws: KubernetesError.self) { for try await _ in watch {} }
      #expect(error?.code == .notFound)
    }
  }
}
