import Documents
import MooringModel

/// What a Prometheus server answered: one series of values, or one value.
struct PrometheusAnswer {
  private static let limits = Limits(bytes: PrometheusClient.answerBytes, depth: 16, nodes: 200_000)

  private let type: String
  private let result: Node

  init(_ bytes: [UInt8]) throws(Fault) {
    let document: Document?
    do throws(DocumentError) {
      document = try Document.parse(bytes, as: .json, limits: Self.limits).first
    } catch {
      throw Fault(.gate, "Prometheus answered what is no JSON: \(error)")
    }
    guard let data = document?.root["data"], document?.root["status"]?.text == "success",
      let type = data["resultType"]?.text, let result = data["result"]
    else { throw Fault(.gate, "Prometheus answered something else than a result") }
    self.type = type
    self.result = result
  }

  /// What it says of a query that it can't answer: one line.
  static func complaint(in bytes: [UInt8]) -> String? {
    guard let document = try? Document.parse(bytes, as: .json, limits: limits).first,
      let error = document.root["error"]?.scalar?.stringValue
    else { return nil }
    return error.split(whereSeparator: \.isNewline).first.map { String($0.prefix(200)) }
  }

  /// In the order of time, without what is no number: 0/0 is none.
  func values() throws(Fault) -> [SignalSample] {
    guard type == "matrix" else { throw Fault(.gate, "Prometheus answered a \(type.prefix(20)), not a matrix") }
    guard let series = try only(result) else { return [] }
    guard let pairs = series["values"], pairs.kind == .sequence else { throw Self.malformed }
    var samples: [SignalSample] = []
    for pair in pairs.elements {
      if let sample = try Self.sample(pair) { samples.append(sample) }
    }
    return samples
  }

  func value() throws(Fault) -> Double? {
    switch type {
    case "scalar": return try Self.sample(result)?.value
    case "vector":
      guard let series = try only(result) else { return nil }
      guard let pair = series["value"] else { throw Self.malformed }
      return try Self.sample(pair)?.value
    default: throw Fault(.gate, "Prometheus answered a \(type.prefix(20)), not a number")
    }
  }

  private func only(_ result: Node) throws(Fault) -> Node? {
    guard result.kind == .sequence else { throw Self.malformed }
    let series = result.elements
    guard series.count <= 1 else {
      throw Fault(
        .gate, "the query gives \(series.count) series, not one", remedy: "aggregate it, with `sum` or `max`")
    }
    return series.first
  }

  /// `[seconds, "value"]`
  private static func sample(_ pair: Node) throws(Fault) -> SignalSample? {
    let parts = pair.elements
    guard parts.count == 2, let seconds = parts[0].scalar?.doubleValue, let text = parts[1].scalar?.stringValue,
      seconds.isFinite, abs(seconds) < 1e12
    else { throw malformed }
    guard let value = Double(text) else { throw malformed }
    guard value.isFinite else { return nil }
    return SignalSample(at: Timestamp(milliseconds: Int64((seconds * 1000).rounded())), value: value)
  }

  private static let malformed = Fault(.gate, "Prometheus answered values that can't be read")
}
