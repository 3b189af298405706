import GitRemotes
import Synchronization

/// A channel that gives what a test has written down, in pieces of a few bytes or of many.
final class WireScriptedChannel: SmartChannel {
  let isStateless = true
  private let answers: Mutex<[[UInt8]]>
  private let piece: Int

  init(_ answers: [[UInt8]], piece: Int = 1000) {
    self.answers = Mutex(answers)
    self.piece = piece
  }

  func greeting() async throws(RemoteError) -> any ByteSource { nextAnswer() }

  func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource {
    while try await body() != nil {}
    return nextAnswer()
  }

  func close() async {}

  private func nextAnswer() -> WireScriptedSource {
    WireScriptedSource(answers.withLock { $0.isEmpty ? [] : $0.removeFirst() }, piece: piece)
  }
}

final class WireScriptedSource: ByteSource {
  private let rest: Mutex<ArraySlice<UInt8>>
  private let piece: Int

  init(_ bytes: [UInt8], piece: Int) {
    rest = Mutex(bytes[...])
    self.piece = piece
  }

  func next() async throws(RemoteError) -> [UInt8]? {
    rest.withLock { rest in
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(piece) }
      return Array(rest.prefix(piece))
    }
  }
}

/// A channel whose greeting repeats the same bytes for ever.
final class WireEndlessChannel: SmartChannel {
  let isStateless = true
  private let beginning: [UInt8]
  private let repeated: [UInt8]

  init(greeting: [UInt8] = [], repeating repeated: [UInt8]) {
    beginning = greeting
    self.repeated = repeated
  }

  func greeting() async throws(RemoteError) -> any ByteSource {
    if beginning.isEmpty { return Endless(repeated) }
    return WireScriptedSource(beginning, piece: 1000)
  }

  func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource { Endless(repeated) }

  func close() async {}

  private final class Endless: ByteSource {
    private let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    func next() async throws(RemoteError) -> [UInt8]? { bytes }
  }
}

/// Remembers what a channel gave, to be given again.
final class WireRecorder: SmartChannel {
  private let channel: WireGitChannel
  private let recorded = Mutex<[[UInt8]]>([])

  init(_ channel: WireGitChannel) { self.channel = channel }

  var isStateless: Bool { channel.isStateless }
  var answers: [[UInt8]] { recorded.withLock { $0 } }

  func greeting() async throws(RemoteError) -> any ByteSource { try await record(channel.greeting()) }

  func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource { try await record(channel.request(body)) }

  func close() async { await channel.close() }

  private func record(_ source: any ByteSource) async throws(RemoteError) -> any ByteSource {
    var bytes: [UInt8] = []
    while let part = try await source.next() { bytes += part }
    recorded.withLock { $0.append(bytes) }
    return WireScriptedSource(bytes, piece: 1000)
  }
}
