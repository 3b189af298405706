import Synchronization

/// Lines as they come, from whatever thread.
public final class LineCollector: Sendable {
  private let lines = Mutex<[String]>([])

  public init() {}

  public func append(_ line: String) { lines.withLock { $0.append(line) } }
  public var text: String { lines.withLock { $0.map { $0 + "\n" }.joined() } }
}
