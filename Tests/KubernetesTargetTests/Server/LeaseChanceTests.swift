import Kubernetes
import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Against a real control plane.
@Suite("Waiting for an environment's Lease", .inTurn) struct LeaseChanceTests {
  @Test func whoWaitsIsToldWhenItIsReleased() async throws {
    let site = try await LiveEnvironment()
    let other = try await LiveEnvironment(namespace: site.namespace, environment: site.namespace)
    let (holder, waiting) = (try #require(site.target.coordination), try #require(other.target.coordination))
    #expect(try await holder.claim(for: "a", isIdle: true) == .held)
    #expect(try await waiting.claim(for: "b", isIdle: true) == .heldBy("a", isAlive: true))
    var chances = try await waiting.chances().makeAsyncIterator()
    // Whoever begins to wait looks once more.
    #expect(await chances.next() != nil)
    #expect(try await waiting.claim(for: "b", isIdle: true) == .heldBy("a", isAlive: true))
    try await holder.release(sharing: false)
    #expect(await chances.next() != nil)
    #expect(try await waiting.claim(for: "b", isIdle: true) == .held)
    try await waiting.release(sharing: false)
  }
}
