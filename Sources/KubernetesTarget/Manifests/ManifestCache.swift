import Kubernetes
import MooringModel
import Synchronization

/// The objects of the files that were read last, of all environments of a cluster: a manifest is asked for a few times while it
/// is deployed, and then for months not.
final class ManifestCache: Sendable {
  /// Bytes of all files together, as they are written. A file that is larger is kept by itself.
  static let room = 2 << 20

  struct Key: Hashable, Sendable {
    var path: RelativePath
    var content: ContentID
  }

  private struct State {
    var files: [Key: [ManifestReader.Object]] = [:]
    /// Oldest first.
    var order: [(key: Key, bytes: Int)] = []
    var bytes = 0
  }

  private let state = Mutex(State())

  subscript(key: Key) -> [ManifestReader.Object]? { state.withLock { $0.files[key] } }

  /// - Parameter bytes: How large the file is.
  func keep(_ objects: [ManifestReader.Object], of key: Key, bytes: Int) {
    // What goes is freed when nobody waits for the lock.
    let gone = state.withLock { state in
      guard state.files.updateValue(objects, forKey: key) == nil else { return [[ManifestReader.Object]]() }
      state.order.append((key, bytes))
      state.bytes += bytes
      let excess = state.order.dropLast().prefix { entry in
        guard state.bytes > Self.room else { return false }
        state.bytes -= entry.bytes
        return true
      }
      state.order.removeFirst(excess.count)
      return excess.compactMap { state.files.removeValue(forKey: $0.key) }
    }
    withExtendedLifetime(gone) {}
  }
}
