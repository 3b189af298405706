import Git
import Synchronization

/// What a remote says became of a push (gitprotocol-pack, "Report Status").
struct PushReport: Sendable {
  /// Why the pack wasn't taken.
  private var failure: String?
  /// By reference: nil when it moved, or why it did not.
  private var reasons: [String: String?] = [:]
  /// What the remote and its hooks said besides.
  private var message = ""
  private static let largest = 16 << 20

  init() {}

  init(reading reader: PacketReader, isBanded: Bool, limits: WireLimits) async throws(RemoteError) {
    var outer = reader
    guard isBanded else {
      try await take(&outer, limits)
      return
    }
    var band = SideBand(limits: limits)
    var bytes: [UInt8] = []
    while true {
      let packet = try await outer.next()
      guard case .data(let data) = packet else { break }
      bytes += try band.take(data) ?? []
      guard bytes.count <= Self.largest else {
        throw RemoteError(.tooLarge, "the remote's report of a push is larger than \(Self.largest) bytes")
      }
    }
    message = band.message
    var inner = PacketReader(BytesAtHand(bytes))
    try await take(&inner, limits)
  }

  func result(of name: String) -> PushOutcome.Result {
    switch reasons[name] {
    case .some(.none) where failure == nil: .pushed
    case .some(let reason): .refused(text(failure ?? reason ?? ""))
    case .none: .refused(text(failure ?? "the remote doesn't say what became of it"))
    }
  }

  private func text(_ reason: String) -> String { message.isEmpty ? reason : "\(reason): \(message)" }

  private mutating func take(_ reader: inout PacketReader, _ limits: WireLimits) async throws(RemoteError) {
    var count = 0
    while true {
      let packet = try await reader.next()
      guard case .data(let bytes) = packet else { return }
      count += 1
      guard count <= limits.references else { throw RemoteError(.tooLarge, "the remote's report has no end") }
      take(RemoteText.clean(bytes, limit: limits.messageBytes))
    }
  }

  private mutating func take(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 2)
    guard words.count > 1 else { return }
    switch words[0] {
    case "unpack" where words[1...] != ["ok"]:
      failure = "the remote could not take the objects: \(words.dropFirst().joined(separator: " "))"
    case "ok": reasons.updateValue(nil, forKey: String(words[1]))
    case "ng": reasons.updateValue(words.count > 2 ? String(words[2]) : "refused", forKey: String(words[1]))
    default: return
    }
  }
}

/// Bytes that have arrived already.
private final class BytesAtHand: ByteSource {
  private let bytes: Mutex<[UInt8]?>

  init(_ bytes: [UInt8]) { self.bytes = Mutex(bytes.isEmpty ? nil : bytes) }

  func next() -> [UInt8]? {
    bytes.withLock { bytes in
      defer { bytes = nil }
      return bytes
    }
  }
}
