import Documents
import Kubernetes
import MooringModel

/// Compares live objects with their manifests, by all that is known of who wrote what.
struct ObjectComparer: Sendable {
  /// Our own field manager.
  let manager: String
  /// Field managers of which nothing is said.
  let ignoredManagers: Set<String>
  let rewritings: Rewritings

  /// - Parameters:
  ///   - spared: Fields of which nothing is said, besides those that the manifest itself says.
  ///   - isExplained: Whether it is noted what was found of each field.
  func comparison(
    _ manifest: Manifest, _ live: KubernetesObject, sparing spared: [FieldPath] = [], isExplained: Bool = false
  ) throws(KubernetesError) -> Comparison {
    try Comparison(
      manifest, with: live, manager: manager, ignoring: ignoredManagers, sparing: spared,
      rewritten: rewritings[Identity(manifest.reference)], isExplained: isExplained)
  }

  /// Remembers what the server made of a manifest.
  ///
  /// - Parameter staying: Fields that weren't sent as the manifest has them.
  func note(
    answer: KubernetesObject, to manifest: Manifest, staying: [FieldPath] = []
  ) throws(KubernetesError) {
    let comparison = try Comparison(
      manifest, with: answer, manager: manager, ignoring: ignoredManagers, sparing: staying)
    rewritings.set(comparison.rewritten, of: Identity(manifest.reference))
  }
}
