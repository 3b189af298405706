import Documents
import MooringModel

/// Reads one of `gates`: exactly one check, and when it must hold.
struct GateReader {
  let index: Int
  let reader: MappingReader
  /// Makes a path absolute.
  let absolute: (String) -> String

  func read() -> GateConfiguration? {
    defer { reader.finish() }
    let kinds = ["http", "tcp", "command", "prometheus"].filter { reader.has($0) }
    guard kinds.count == 1, let kind = kinds.first, let child = reader.mapping(kind) else {
      if kinds.count != 1 { reader.report("should have exactly one of http, tcp, command and prometheus") }
      return nil
    }
    defer { child.finish() }
    guard let check = check(kind, child) else { return nil }
    var gate = GateConfiguration(name: child.optionalString("name") ?? name(of: check), check: check)
    if let within = child.optionalDuration("within") { gate.within = within }
    if let stable = child.optionalDuration("stableFor") { gate.stableFor = stable }
    if let interval = child.optionalDuration("interval") { gate.interval = max(interval, .milliseconds(10)) }
    if case .prometheus(let query, _, _) = check {
      gate.timeout = query.timeout
    } else if let timeout = child.optionalDuration("timeout") {
      gate.timeout = timeout
    }
    if kind == "http" || kind == "tcp" { gate.allowsLinkLocal = child.optionalBool("allowLinkLocal") ?? false }
    if gate.stableFor > gate.within {
      child.report("is longer than `within`, so it could never hold", key: "stableFor")
    }
    return gate
  }

  private func check(_ kind: String, _ child: MappingReader) -> GateConfiguration.Check? {
    switch kind {
    case "http":
      guard let url = child.string("url") else { return nil }
      if !url.hasPrefix("http://") && !url.hasPrefix("https://") {
        child.report("should begin with http:// or https://", key: "url")
      }
      return .http(url: url, status: child.optionalInt("status") ?? 200, contains: child.optionalString("contains"))
    case "tcp":
      guard let address = child.string("address") else { return nil }
      guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
        (1...65535).contains(port)
      else {
        child.report("should be host:port", key: "address")
        return nil
      }
      return .tcp(host: String(address[..<colon]), port: port)
    case "prometheus": return prometheus(child)
    default:
      guard let run = child.strings("run") else { return nil }
      if run.isEmpty { child.report("should name a program", key: "run") }
      return run.isEmpty ? nil : .command(run)
    }
  }

  private func prometheus(_ child: MappingReader) -> GateConfiguration.Check? {
    let (above, below) = (child.optionalDouble("above"), child.optionalDouble("below"))
    guard let query = PrometheusReader(absolute: absolute).read(child) else { return nil }
    if above == nil && below == nil { child.report("should have `below` or `above`, or both") }
    if let above, let below, above >= below {
      child.report("could never hold: `above` isn't less than `below`", key: "above")
    }
    return .prometheus(query, above: above, below: below)
  }

  private func name(of check: GateConfiguration.Check) -> String {
    switch check {
    case .command(let arguments): arguments[0]
    case .http(let url, _, _): Redaction.url(url)
    case .tcp(let host, let port): "\(host):\(port)"
    case .prometheus(let query, _, _): String(query.query.prefix(80))
    case .readiness: "readiness"
    }
  }
}
