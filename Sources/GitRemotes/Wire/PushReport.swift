package import Git
import Synchronization

/// What a remote says became of a push (gitprotocol-pack, "Report Status").
package struct PushReport: Sendable {
  /// Why the pack wasn't taken.
  private var failure: String?
  /// By the bytes of a reference's name: nil when it moved, or why it did not.
  private var reasons: [[UInt8]: String?] = [:]
  /// What the remote and its hooks said besides.
  private var message = ""
  private static let largest = 16 << 20

  init() {}

  package init(reading reader: PacketReader, isBanded: Bool, limits: WireLimits) async throws(RemoteError) {
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

  package func result(of name: String) -> PushOutcome.Result {
    switch reasons[Array(name.utf8)] {
    case .some(.none) where failure == nil: .pushed
    case .some(let reason): .refused(text(failure ?? reason ?? ""))
    case .none: .refused(text(failure ?? "the remote doesn't say what became of it"))
    }
  }

  private func text(_ reason: String) -> String { message.isEmpty ? reason : "\(reason): \(message)" }

  private mutating func take(_ reader: inout PacketReader, _ limits: WireLimits) async throws(RemoteError) {
    var (count, size) = (0, 0)
    while true {
      let packet = try await reader.next()
      guard case .data(let bytes) = packet else { return }
      count += 1
      size += bytes.count
      guard count <= limits.references, size <= Self.largest else {
        throw RemoteError(.tooLarge, "the remote's report has no end")
      }
      take(bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], limits)
    }
  }

  /// What is for people is cleaned; a name is not, since it could become another one.
  private mutating func take(_ line: ArraySlice<UInt8>, _ limits: WireLimits) {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count > 1 else { return }
    let reason = words.count > 2 ? RemoteText.clean(words[2], limit: limits.messageBytes) : "refused"
    switch String(decoding: words[0], as: UTF8.self) {
    case "unpack" where !words[1...].joined().elementsEqual("ok".utf8):
      let said = RemoteText.clean(Array(words[1...].joined(separator: [UInt8(ascii: " ")])), limit: limits.messageBytes)
      failure = "the remote could not take the objects: \(said)"
    case "ok": reasons.updateValue(nil, forKey: Array(words[1]))
    case "ng": reasons.updateValue(reason, forKey: Array(words[1]))
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
