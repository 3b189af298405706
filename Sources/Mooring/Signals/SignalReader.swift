import Documents
import MooringModel

/// Reads `signals` and `verdict` of an environment.
struct SignalReader {
  static let mostSignals = 20

  let absolute: (String) -> String

  func read(_ environment: MappingReader) -> SignalsConfiguration {
    var signals: [SignalConfiguration] = []
    let readers = environment.mappingList("signals")
    for reader in readers {
      guard let signal = signal(reader) else { continue }
      if signals.contains(where: { $0.name == signal.name }) {
        reader.report("another signal has this name already", key: "name")
      }
      signals.append(signal)
    }
    if readers.count > Self.mostSignals {
      environment.report("has more than \(Self.mostSignals) signals", key: "signals")
    }
    return SignalsConfiguration(
      signals: signals, verdict: environment.optionalMapping("verdict").map(verdict) ?? VerdictPolicy())
  }

  private func signal(_ reader: MappingReader) -> SignalConfiguration? {
    defer { reader.finish() }
    let name = reader.string("name")
    let better = reader.choice("better", Signal.Better.self)
    let least = reader.optionalDouble("leastChange") ?? 0
    if !(least >= 0 && least.isFinite) { reader.report("should be 0 or more", key: "leastChange") }
    if let name, name.isEmpty || name.count > 80 { reader.report("should have 1 to 80 characters", key: "name") }
    guard let query = PrometheusReader(absolute: absolute).read(reader), let name, let better else { return nil }
    return SignalConfiguration(name: name, query: query, better: better, leastChange: least)
  }

  private func verdict(_ reader: MappingReader) -> VerdictPolicy {
    defer { reader.finish() }
    var policy = VerdictPolicy()
    func read(_ key: String, _ field: WritableKeyPath<VerdictPolicy, Duration>, _ range: ClosedRange<Duration>) {
      guard let value = reader.optionalDuration(key) else { return }
      if !range.contains(value) {
        reader.report("should be from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))", key: key)
      }
      policy[keyPath: field] = value
    }
    read("before", \.before, .seconds(1) ... .seconds(6 * 3600))
    read("after", \.after, .seconds(1) ... .seconds(3600))
    read("settle", \.settle, .zero ... .seconds(3600))
    read("step", \.step, .milliseconds(50) ... .seconds(300))
    read("sample", \.sample, .milliseconds(100) ... .seconds(3600))
    if policy.values > VerdictPolicy.mostValues {
      reader.report(
        "comes to \(policy.values) values of each signal, and \(VerdictPolicy.mostValues) are allowed: raise `step`")
    }
    if Int(policy.after / policy.step) < SignalJudgement.leastValues {
      reader.report(
        "leaves fewer than \(SignalJudgement.leastValues) values after a rollback: raise `after`, or lower `step`")
    }
    return policy
  }

  private static func text(_ duration: Duration) -> String {
    duration >= .seconds(1) || duration == .zero
      ? "\(Int(duration / .seconds(1)))s" : "\(Int(duration / .milliseconds(1)))ms"
  }
}
