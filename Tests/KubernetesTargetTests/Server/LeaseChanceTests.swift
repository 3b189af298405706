import FoundationEssentials
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
    #expect(try await holder.claim(for: "a", isIdle: true, isWatching: true) == .held)
    #expect(try await waiting.claim(for: "b", isIdle: true, isWatching: true) == .heldBy("a", isAlive: true))
    var chances = try await waiting.chances().makeAsyncIterator()
    // Whoever begins to wait looks once more.
    #expect(await chances.next() != nil)
    #expect(try await waiting.claim(for: "b", isIdle: true, isWatching: true) == .heldBy("a", isAlive: true))
    try await holder.release(sharing: false)
    #expect(await chances.next() != nil)
    #expect(try await waiting.claim(for: "b", isIdle: true, isWatching: true) == .held)
    try await waiting.release(sharing: false)
  }

  @Test func whoWaitsKnowsWhenTheClaimThatWasRenewedLastRunsOut() async throws {
    let site = try await LiveEnvironment()
    let other = try await LiveEnvironment(namespace: site.namespace, environment: site.namespace)
    let (holder, waiting) = (try #require(site.target.coordination), try #require(other.target.coordination))
    #expect(try await holder.claim(for: "a", isIdle: true, isWatching: true) == .held)
    _ = try await waiting.claim(for: "b", isIdle: true, isWatching: true)
    let first = try #require(await waiting.expiry())
    var chances = try await waiting.chances().makeAsyncIterator()
    #expect(await chances.next() != nil)
    let renewed = ContinuousClock.now
    #expect(try await holder.claim(for: "a", isIdle: true, isWatching: true) == .held)
    // By the watch alone: nobody looks.
    while await waiting.expiry() == first { try await Task.sleep(for: .milliseconds(5)) }
    let expiry = try #require(await waiting.expiry())
    let wait = expiry - renewed - waiting.timing.duration
    #expect(wait > .zero && wait < .seconds(2), "\(wait)")
    #expect(waiting.timing.nextLook(before: expiry, at: expiry - .milliseconds(7)) == .milliseconds(7))
    #expect(waiting.timing.nextLook(before: expiry, at: renewed) == waiting.timing.look)
    #expect(waiting.timing.nextLook(before: expiry, at: expiry) == waiting.timing.look)
    try await holder.release(sharing: false)
  }

  @Test func whoWatchesIsToldUntilWhenSomebodyDidBeforeWhateverCommandsDidSince() async throws {
    let first = try await LiveEnvironment()
    func another() async throws -> any Coordination {
      let other = try await LiveEnvironment(namespace: first.namespace, environment: first.namespace)
      return try #require(other.target.coordination)
    }
    let watcher = try #require(first.target.coordination)
    #expect(try await watcher.claim(for: "a", isIdle: true, isWatching: true) == .held)
    #expect(await watcher.watchedBefore() == nil)
    try await watcher.release(sharing: false)
    let ended = Timestamp(Date())
    let command = try await another()
    #expect(try await command.claim(for: "b", isIdle: true, isWatching: false) == .held)
    try await command.release(sharing: true)
    let next = try await another()
    #expect(try await next.claim(for: "c", isIdle: true, isWatching: true) == .held)
    let before = try #require(await next.watchedBefore())
    #expect(before <= ended && ended - before < .seconds(60), "\(before), \(ended)")
    // What it renews doesn't change what was before.
    #expect(try await next.claim(for: "c", isIdle: true, isWatching: true) == .held)
    #expect(await next.watchedBefore() == before)
    try await next.release(sharing: false)
  }
}
