import Documents

/// Reads JSON that a server sent, within limits.
struct AnswerReader {
  /// Holds a page of 500 objects of 100 KB each.
  static let standard = AnswerReader(bytes: 64 << 20)

  let limits: Limits

  init(bytes: Int) { limits = Limits(bytes: bytes, depth: 200, nodes: max(1_000_000, bytes / 4)) }

  init(limits: Limits) { self.limits = limits }

  /// - Throws: `malformed` for anything but JSON, `tooLarge` past a limit. What was sent stays out of the error.
  func root(of bytes: [UInt8]) throws(KubernetesError) -> Node {
    let documents: [Document]
    do { documents = try Document.parse(bytes, as: .json, limits: limits) } catch { throw Self.error(error) }
    guard let document = documents.first else { throw KubernetesError(.malformed, "an empty answer") }
    return document.root
  }

  private static func error(_ error: DocumentError) -> KubernetesError {
    if case .limit(let name) = error.kind {
      return KubernetesError(.tooLarge, "an answer with more \(name) than are read")
    }
    return KubernetesError(.malformed, "an answer that is not JSON (line \(error.line), column \(error.column))")
  }
}
