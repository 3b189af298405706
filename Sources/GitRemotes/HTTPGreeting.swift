/// The first answer without the line `# service=…` and the flush after it, which servers of version 0 put in front
/// (gitprotocol-http, "Smart Server Response").
actor HTTPGreeting: ByteSource {
  private let source: HTTPByteSource
  private let service: SmartService
  private var isLookedAt = false

  init(_ source: HTTPByteSource, service: SmartService) {
    self.source = source
    self.service = service
  }

  func next() async throws(RemoteError) -> [UInt8]? {
    if isLookedAt { return try await source.next() }
    isLookedAt = true
    let line = Array("# service=\(service.rawValue)\n".utf8)
    let length = String(line.count + 4, radix: 16)
    let prefix = Array(String(repeating: "0", count: 4 - length.count).utf8) + Array(length.utf8) + line
    let start = try await start(of: prefix.count + 4)
    guard start.starts(with: prefix) else { return start.isEmpty ? nil : start }
    var rest = start.dropFirst(prefix.count)
    if rest.starts(with: Array("0000".utf8)) { rest = rest.dropFirst(4) }
    return rest.isEmpty ? try await source.next() : Array(rest)
  }

  /// At least so many bytes, unless there are fewer.
  private func start(of count: Int) async throws(RemoteError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count, let more = try await source.next() { bytes += more }
    return bytes
  }
}
