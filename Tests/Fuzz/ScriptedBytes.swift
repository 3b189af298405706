import GitRemotes
import Synchronization

/// Bytes that arrive at once, or cut into pieces; where they are cut depends on the bytes alone, so that a finding can be
/// tried again.
final class ScriptedBytes: ByteSource {
  private struct State {
    var rest: ArraySlice<UInt8>
    var random: SeededRandom?
  }
  private let state: Mutex<State>

  init(_ bytes: [UInt8], isCut: Bool) {
    // FNV-1a.
    let seed = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    state = Mutex(State(rest: bytes[...], random: isCut ? SeededRandom(seed: seed) : nil))
  }

  func next() -> [UInt8]? {
    state.withLock { state in
      guard !state.rest.isEmpty else { return nil }
      var count = state.rest.count
      if var random = state.random {
        count = min(count, 1 << Int.random(in: 0...6, using: &random))
        state.random = random
      }
      defer { state.rest = state.rest.dropFirst(count) }
      return Array(state.rest.prefix(count))
    }
  }
}

/// A remote that says what stands written, whatever it is asked.
final class ScriptedRemote: SmartChannel {
  let isStateless: Bool
  private let answers: Mutex<ArraySlice<[UInt8]>>

  init(_ answers: [[UInt8]], isStateless: Bool) {
    self.isStateless = isStateless
    self.answers = Mutex(answers[...])
  }

  func greeting() -> any ByteSource { nextAnswer() }

  func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource {
    while try await body() != nil {}
    return nextAnswer()
  }

  func close() {}

  private func nextAnswer() -> ScriptedBytes {
    ScriptedBytes(answers.withLock { $0.popFirst() ?? [] }, isCut: true)
  }
}
