import Documents
import Migrations

/// How many things one change changes.
struct MixedChangeRules {
  let change: Change
  let thresholds: ReadinessPolicy.Thresholds

  private static let infrastructure: Set = [
    "Namespace", "NetworkPolicy", "PersistentVolume", "PersistentVolumeClaim", "StorageClass",
    "CustomResourceDefinition", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "Ingress", "IngressClass",
    "ResourceQuota", "LimitRange", "PriorityClass",
  ]
  private static let workloads: Set = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"]

  var findings: [Finding] {
    let pairs = ChangedObjects(change.objects).pairs.filter {
      $0.base.map { FieldValue($0) } != $0.head.map { FieldValue($0) }
    }
    var kinds: [String] = []
    if change.migrating.contains(where: addsMigrations) { kinds.append("schema") }
    if change.objects.contains(where: changesImages) { kinds.append("application") }
    if pairs.contains(where: { Self.infrastructure.contains($0.kind) })
      || change.files.contains(where: { $0.path.hasSuffix(".tf") })
    {
      kinds.append("infrastructure")
    }
    var findings: [Finding] = []
    if kinds.count > thresholds.kinds {
      findings.append(
        Finding(
          .mixedChange, at: Place(), "\(kinds.joined(separator: " and ")) change together: one can't be undone alone"))
    }
    let services = Set(pairs.filter { Self.workloads.contains($0.kind) }.map(\.name))
    if services.count > thresholds.services {
      findings.append(
        Finding(
          .mixedChange, at: Place(),
          "\(services.count) services change together, more than \(thresholds.services): "
            + services.sorted().prefix(8).joined(separator: ", ")))
    }
    return findings
  }

  private func addsMigrations(_ migrating: Change.Migrating) -> Bool {
    !Set(migrating.head.map(\.path)).isSubset(of: migrating.base.map(\.path))
  }

  private func changesImages(_ file: Change.File) -> Bool {
    guard let base = file.base, let head = file.head else { return false }
    do throws(DocumentError) {
      let images = { (bytes: [UInt8]) throws(DocumentError) in
        Set(try NamedImage.all(in: bytes, path: file.path).map { "\($0.field) \($0.text)" })
      }
      return try images(base) != images(head)
    } catch {
      return false
    }
  }
}
