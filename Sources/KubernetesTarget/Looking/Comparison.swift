import Documents
import Kubernetes
import MooringModel

/// How an object in the cluster compares with its manifest.
struct Comparison: Sendable {
  let projection: Projection
  private let owners: FieldOwners
  private let live: Node

  /// - Parameters:
  ///   - manager: Our own field manager.
  ///   - ignored: Managers of which nothing is said.
  ///   - spared: Fields of which nothing is said, besides those that the manifest itself says.
  ///   - rewritten: What the server is known to make of what was applied.
  init(
    _ manifest: Manifest, with live: KubernetesObject, manager: String, ignoring ignored: Set<String>,
    sparing spared: [FieldPath] = [], rewritten: [FieldPath: Rewritings.Rewriting] = [:],
    isExplained: Bool = false
  ) throws(KubernetesError) {
    owners = try FieldOwners(of: live, ours: manager, ignoring: ignored, isShared: manifest.wishes.isShared)
    self.live = live.root
    projection = Projection(
      of: try manifest.root, on: live.root, owners: owners, ignoring: manifest.wishes.ignores.fields + spared,
      rewritten: rewritten, isExplained: isExplained)
  }

  var isEqual: Bool { projection.isEqual }

  /// Values that differ although nobody but we has set them: the server itself may have rewritten them.
  var rewritten: [FieldPath: Rewritings.Rewriting] { projection.rewritten }

  /// What was found of each field, where that was asked for.
  var notes: [FieldNote] { projection.notes }

  /// What the manifest sets, as JSON.
  func expected() throws(KubernetesError) -> [UInt8] { try JSONBody(projection.expected).bytes }

  /// What is there instead, as JSON.
  func found() throws(KubernetesError) -> [UInt8] { try JSONBody(projection.found).bytes }

  /// The fields that differ.
  func paths() throws(KubernetesError) -> [FieldPath] {
    let difference = differences(from: try expected(), to: try found(), path: "object.json")
    guard case .fields(let documents) = difference.content else { return [] }
    return documents.flatMap(\.fields).map(\.path)
  }

  /// What the object says of who set the first field that differs and has an owner, as the server has recorded it.
  func change() throws(KubernetesError) -> ObjectChange {
    let paths = try paths()
    for path in paths {
      guard let entry = owners.author(of: path, in: live) else { continue }
      return .set(
        by: entry.manager, at: entry.time.flatMap { Timestamp(parsing: $0) }, isReplicas: path == Self.replicas)
    }
    return .unclaimed(isReplicas: paths.contains(Self.replicas))
  }

  /// Who set a field last, of people.
  func author(of path: FieldPath) -> ManagedFields? { owners.author(of: path, in: live) }

  /// Who set a field last, of controllers.
  func controller(of path: FieldPath) -> ManagedFields? { owners.controller(of: path, in: live) }

  /// What the subresource `scale` writes.
  private static let replicas = FieldPath(keys: "spec", "replicas")
}
