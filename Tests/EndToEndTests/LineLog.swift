import Synchronization

/// Lines as they come, and those who wait for one of them.
final class LineLog: Sendable {
  struct NeverCame: Error, CustomStringConvertible {
    var text: String
    var lines: [String]
    var description: String {
      "no line contained \(text.debugDescription); there were:\n\(lines.joined(separator: "\n"))"
    }
  }

  private struct State {
    var lines: [String] = []
    var waiting: [(text: String, signal: AsyncStream<String>.Continuation)] = []
    var hasEnded = false
  }

  private let state = Mutex(State())

  var all: [String] { state.withLock { $0.lines } }

  func append(_ line: String) {
    state.withLock { state in
      state.lines.append(line)
      state.waiting.removeAll { waiting in
        guard line.contains(waiting.text) else { return false }
        waiting.signal.yield(line)
        waiting.signal.finish()
        return true
      }
    }
  }

  /// No more lines come.
  func end() {
    state.withLock { state in
      state.hasEnded = true
      for waiting in state.waiting { waiting.signal.finish() }
      state.waiting = []
    }
  }

  /// The first line after the first `skipping` that contains a text, as soon as it is there.
  @discardableResult
  func line(containing text: String, after skipping: Int = 0, within limit: Duration = .seconds(30)) async throws
    -> String
  {
    let (stream, signal) = AsyncStream<String>.makeStream()
    state.withLock { state in
      if let line = state.lines.dropFirst(skipping).first(where: { $0.contains(text) }) {
        signal.yield(line)
        signal.finish()
      } else if state.hasEnded {
        signal.finish()
      } else {
        state.waiting.append((text, signal))
      }
    }
    let deadline = Task {
      try await Task.sleep(for: limit)
      signal.finish()
    }
    defer { deadline.cancel() }
    for await line in stream { return line }
    throw NeverCame(text: text, lines: all)
  }
}
