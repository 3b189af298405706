import MooringModel
import Testing

@testable import Mooring

@Suite("What gates said lately") struct GateSamplesTests {
  private func at(_ second: Int) -> Timestamp { Timestamp(milliseconds: Int64(second) * 1000) }

  @Test func isABoundedRing() {
    var samples = GateSamples()
    for second in 0..<(GateSamples.most + 10) {
      samples.add(GateSamples.Attempt(at: at(second), held: true, milliseconds: 1), of: "http")
    }
    #expect(samples.gates["http"]?.count == GateSamples.most && samples.gates["http"]?.first?.at == at(10))
    samples.keep(only: ["tcp"])
    #expect(samples.gates.isEmpty)
  }

  @Test func becomesFailuresAndLatency() {
    var samples = GateSamples()
    samples.add(GateSamples.Attempt(at: at(1), held: true, milliseconds: 12), of: "http")
    samples.add(GateSamples.Attempt(at: at(2), held: false, milliseconds: nil), of: "http")
    samples.add(GateSamples.Attempt(at: at(9), held: false, milliseconds: nil), of: "http")
    let signals = samples.signals(in: Window(since: at(0), until: at(5)))
    #expect(signals.map(\.name) == ["http", "http latency"])
    #expect(signals.first?.samples.map(\.value) == [0, 1])
    #expect(signals.last?.samples == [SignalSample(at: at(1), value: 12)])
  }

  @Test func aGateThatFailedIsKnownFromTheJournal() throws {
    let result = GateResult(
      deployment: Identifier(at: at(0)), gate: "http", passed: false, attempts: 4, milliseconds: 8000)
    let event = Event(
      id: Identifier(at: at(20)), time: at(20), initiator: .watcher, source: "here",
      environment: try EnvironmentName("production"), payload: .gate(result))
    let gate = GateConfiguration(name: "http", check: .http(url: "http://x", status: 200, contains: nil))
    let attempts = GateSamples(from: [event], asking: [gate]).gates["http"] ?? []
    #expect(attempts.map(\.at) == [at(12), at(14), at(16), at(18)] && attempts.allSatisfy { !$0.held })
    #expect(GateSamples(from: [event], asking: []).gates.isEmpty)
  }
}
