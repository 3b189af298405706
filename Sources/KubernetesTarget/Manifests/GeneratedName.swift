import Documents
import Kubernetes
import MooringModel

/// The name of a hook that only says how its name should begin (`metadata.generateName`), as Argo CD's examples do.
///
/// It comes from the release: whoever deploys the same release again makes the same hook again, and no further one.
struct GeneratedName {
  /// Names of pods' labels, which jobs write.
  private static let longest = 63

  let prefix: String
  let release: ReleaseDigest

  /// - Parameter number: Of hooks that begin alike, from 1.
  func name(_ number: Int) -> String {
    let ending = release.short + (number == 1 ? "" : "-\(number)")
    return prefix.prefix(Self.longest - ending.utf8.count) + ending
  }

  /// An object with another name.
  static func set(_ name: String, in root: Node) throws(KubernetesError) -> Node {
    guard root.kind == .mapping else { return root }
    let named = FieldValue(root).changing("metadata") { $0.removing(["generateName"]).setting("name", name) }
    let body = try JSONBody(named)
    do { return try Document.parse(body.bytes, as: .json).first?.root ?? root } catch {
      throw KubernetesError(.invalid, error.message)
    }
  }
}
