import Documents
import MooringModel

/// Reads one of `gates`: exactly one check, and when it must hold.
struct GateReader {
  let index: Int
  let reader: MappingReader

  func read() -> GateConfiguration? {
    defer { reader.finish() }
    let kinds = ["http", "tcp", "command"].filter { reader.has($0) }
    guard kinds.count == 1, let kind = kinds.first, let child = reader.mapping(kind) else {
      if kinds.count != 1 { reader.report("should have exactly one of http, tcp and command") }
      return nil
    }
    defer { child.finish() }
    guard let check = check(kind, child) else { return nil }
    var gate = GateConfiguration(name: child.optionalString("name") ?? name(of: check), check: check)
    if let within = child.optionalDuration("within") { gate.within = within }
    if let stable = child.optionalDuration("stableFor") { gate.stableFor = stable }
    if let interval = child.optionalDuration("interval") { gate.interval = max(interval, .milliseconds(10)) }
    if let timeout = child.optionalDuration("timeout") { gate.timeout = timeout }
    if kind != "command" { gate.allowsLinkLocal = child.optionalBool("allowLinkLocal") ?? false }
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
    default:
      guard let run = child.strings("run") else { return nil }
      if run.isEmpty { child.report("should name a program", key: "run") }
      return run.isEmpty ? nil : .command(run)
    }
  }

  private func name(of check: GateConfiguration.Check) -> String {
    switch check {
    case .command(let arguments): arguments[0]
    case .http(let url, _, _): Redaction.url(url)
    case .tcp(let host, let port): "\(host):\(port)"
    case .readiness: "readiness"
    }
  }
}
