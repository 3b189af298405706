/// Something that is measured of an environment, with what was measured.
public struct Signal: Hashable, Sendable {
  public enum Source: String, Hashable, Sendable, Codable {
    case prometheus
    /// The share of a gate's attempts that failed.
    case gate
    /// How long a gate took to answer, in milliseconds.
    case latency
  }

  /// Which way it is better.
  public enum Better: String, Hashable, Sendable, Codable, CaseIterable { case lower, higher }

  public var name: String
  public var source: Source
  public var better: Better
  /// The smallest change that counts, in the signal's own unit.
  public var leastChange: Double
  /// In the order of time; every value is finite.
  public var samples: [SignalSample]
  /// Why some, or all, are missing.
  public var problem: String?

  public init(
    name: String, source: Source, better: Better = .lower, leastChange: Double = 0, samples: [SignalSample] = [],
    problem: String? = nil
  ) {
    self.name = name
    self.source = source
    self.better = better
    self.leastChange = leastChange
    self.samples = samples
    self.problem = problem
  }

  /// The values of a time.
  func values(in window: Window) -> [Double] { samples.filter { window.holds($0.at) }.map(\.value) }

  /// What stands for several values: the median; of attempts, which hold or fail, their share.
  func level(of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    if source == .gate { return values.reduce(0, +) / Double(values.count) }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

/// One measured value.
public struct SignalSample: Hashable, Sendable, Codable {
  public var at: Timestamp
  public var value: Double

  public init(at: Timestamp, value: Double) {
    self.at = at
    self.value = value
  }
}

extension Window {
  /// Whether a moment lies in it; its end doesn't.
  func holds(_ moment: Timestamp) -> Bool { moment >= since && moment < until }
}
