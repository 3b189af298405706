import Documents
import Kubernetes
import MooringModel

/// What of a release's objects isn't ours, so that nothing which is applied goes over it.
struct Sparing: Sendable {
  /// By the word of the operator, of people and of the release.
  var fields = SparedFields()

  /// Fields that stay as they are, whoever set them: those of the object's own annotation, too.
  func fields(of manifest: Manifest) -> [FieldPath] {
    let own: [FieldPath] = if case .fields(let fields) = manifest.wishes.ignores { fields } else { [] }
    return own + fields.fields(of: manifest.name)
  }

  /// Whether whatever others have set in the object stays.
  func isWhole(_ manifest: Manifest) -> Bool {
    manifest.wishes.ignores == .everything || fields.isWhole(manifest.name)
  }

  /// Whether a field that an apply met with is one that stays as it is.
  func yields(to conflicts: [FieldConflict], in manifest: Manifest, _ comparer: ObjectComparer) -> Bool {
    isWhole(manifest)
      || conflicts.contains { comparer.ignoredManagers.contains($0.manager) || FieldOwners.isOfCluster($0.manager) }
  }
}
