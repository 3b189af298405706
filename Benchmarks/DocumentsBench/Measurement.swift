enum Measurement {
  /// Prints the best of seven runs.
  static func report(_ name: String, bytes: Int, _ work: () -> Int) {
    let clock = ContinuousClock()
    var result = 0
    let best = (0..<7).map { _ in clock.measure { result = work() } }.min() ?? .zero
    let seconds = best / .seconds(1)
    let rate = Int(Double(bytes) / 100_000 / seconds)
    print("\(name): \(rate / 10).\(rate % 10) MB/s, \(Int(seconds * 1_000)) ms, \(result) results")
  }
}
