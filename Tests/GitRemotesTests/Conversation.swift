import GitRemotes
import Synchronization

/// As much of Git's protocol as shows that a channel carries it (gitprotocol-v2).
enum Conversation {
  static func bytes(_ source: any ByteSource) async throws -> [UInt8] {
    var all: [UInt8] = []
    while let part = try await source.next() { all += part }
    return all
  }

  static func text(_ source: any ByteSource) async throws -> String {
    String(decoding: try await bytes(source), as: UTF8.self)
  }

  static func listReferences(over channel: any SmartChannel) async throws -> String {
    try await text(channel.request(said(listing)))
  }

  static let listing = "0014command=ls-refs\n00010000"

  /// A request of one part.
  static func said(_ text: String) -> @Sendable () async throws(RemoteError) -> [UInt8]? {
    let once = Countdown(1)
    return { () async throws(RemoteError) -> [UInt8]? in once.next() ? Array(text.utf8) : nil }
  }
}

/// Says yes so many times.
final class Countdown: Sendable {
  private let left: Mutex<Int>

  init(_ count: Int) { left = Mutex(count) }

  var isOver: Bool { left.withLock { $0 <= 0 } }

  func next() -> Bool {
    left.withLock { left in
      left -= 1
      return left >= 0
    }
  }
}
