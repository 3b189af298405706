import Synchronization

/// Lines as they come, from whatever thread.
final class LineCollector: Sendable {
  private let lines = Mutex<[String]>([])

  func append(_ line: String) { lines.withLock { $0.append(line) } }
  var text: String { lines.withLock { $0.map { $0 + "\n" }.joined() } }
}
