import Glibc

/// A signal's values in equal times, few enough to be drawn on a line.
struct SignalPoints {
  static let count = 32

  let points: [Double?]
  let mark: Int

  init(_ signal: Signal, in windows: VerdictWindows) {
    let whole = windows.whole
    let span = max(1, whole.until.milliseconds - whole.since.milliseconds)
    func place(_ moment: Timestamp) -> Int {
      let share = Double(moment.milliseconds - whole.since.milliseconds) / Double(span)
      return max(0, min(Self.count - 1, Int(share * Double(Self.count))))
    }
    var values = [[Double]](repeating: [], count: Self.count)
    for sample in signal.samples where whole.holds(sample.at) { values[place(sample.at)].append(sample.value) }
    points = values.map { signal.level(of: $0).map(SignalNumber.rounded) }
    mark = place(windows.before.until)
  }
}

/// Draws numbers as a row of bars.
enum Sparkline {
  private static let bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// From the least to the largest value; `·` where there is none.
  static func text(_ points: [Double?], mark: Int) -> String {
    let values = points.compactMap { $0 }
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let drawn = points.map { point -> String in
      guard let point else { return "·" }
      guard high > low else { return bars[0] }
      return bars[max(0, min(bars.count - 1, Int((point - low) / (high - low) * Double(bars.count))))]
    }
    let split = max(0, min(drawn.count, mark))
    return drawn[..<split].joined() + "│" + drawn[split...].joined()
  }
}

/// Numbers as people read them.
enum SignalNumber {
  /// Four digits that count.
  static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return 0 }
    let scale = pow(10, 3 - floor(log10(abs(value))))
    guard scale.isFinite, scale > 0 else { return value }
    return (value * scale).rounded() / scale
  }

  static func text(_ value: Double, of source: Signal.Source) -> String {
    switch source {
    case .prometheus: plain(rounded(value))
    case .gate: "\(plain((value * 1000).rounded() / 10)) % failed"
    case .latency: "\(plain(rounded(value))) ms"
    }
  }

  private static func plain(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
