import Documents
import Kubernetes
import MooringModel

/// Compares objects with their manifests.
struct ObjectJudge: Sendable {
  /// Our own field manager.
  let manager: String
  /// Field managers of which nothing is said.
  let ignoredManagers: Set<String>
  let identity: @Sendable ([UInt8]) throws -> ContentID

  /// - Returns: `nil` where the object is as its manifest has it.
  func deviation(_ manifest: Manifest, _ live: KubernetesObject) throws -> Deviation? {
    if manifest.wishes.isOnlyMade { return nil }
    let comparison = try Comparison(manifest, with: live, manager: manager, ignoring: ignoredManagers)
    if comparison.isEqual { return nil }
    let (expected, found) = (try comparison.expected(), try comparison.found())
    return Deviation(
      reference: manifest.reference,
      expected: LiveObject(kind: .object, content: try identity(expected), size: expected.count),
      found: LiveObject(kind: .object, content: try identity(found), size: found.count),
      change: try comparison.change())
  }
}
