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
  init(
    _ manifest: Manifest, with live: KubernetesObject, manager: String, ignoring ignored: Set<String>
  ) throws(KubernetesError) {
    owners = try FieldOwners(of: live, ours: manager, ignoring: ignored, isShared: manifest.wishes.isShared)
    self.live = live.root
    projection = Projection(
      of: try manifest.root, on: live.root, owners: owners, ignoring: manifest.wishes.ignores.fields)
  }

  var isEqual: Bool { projection.isEqual }

  /// What the manifest sets, as JSON.
  func expected() throws(KubernetesError) -> [UInt8] { try JSONBody(projection.expected).bytes }

  /// What is there instead, as JSON.
  func found() throws(KubernetesError) -> [UInt8] { try JSONBody(projection.found).bytes }

  /// What the object says of who set the first field that differs and has an owner, as the server has recorded it.
  func change() throws(KubernetesError) -> ObjectChange {
    let difference = differences(from: try expected(), to: try found(), path: "object.json")
    guard case .fields(let documents) = difference.content else { return .unclaimed(isReplicas: false) }
    let paths = documents.flatMap(\.fields).map(\.path)
    for path in paths {
      guard let entry = owners.author(of: path, in: live) else { continue }
      return .set(
        by: entry.manager, at: entry.time.flatMap { Timestamp(parsing: $0) }, isReplicas: path == Self.replicas)
    }
    return .unclaimed(isReplicas: paths.contains(Self.replicas))
  }

  /// What the subresource `scale` writes.
  private static let replicas = FieldPath(keys: "spec", "replicas")
}
