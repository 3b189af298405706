import Documents
import Kubernetes
import MooringModel

/// Compares objects with their manifests.
struct ObjectJudge: Sendable {
  let comparer: ObjectComparer
  let identity: @Sendable ([UInt8]) throws -> ContentID

  /// - Returns: `nil` where the object is as its manifest has it.
  func deviation(_ manifest: Manifest, _ live: KubernetesObject) throws -> Deviation? {
    if manifest.wishes.isOnlyMade { return nil }
    let comparison = try comparer.comparison(manifest, live)
    if comparison.isEqual { return nil }
    let (expected, found) = (try comparison.expected(), try comparison.found())
    return Deviation(
      reference: manifest.reference,
      expected: LiveObject(kind: .object, content: try identity(expected), size: expected.count),
      found: LiveObject(kind: .object, content: try identity(found), size: found.count),
      change: try comparison.change(), isOpen: !comparison.rewritten.isEmpty)
  }
}
