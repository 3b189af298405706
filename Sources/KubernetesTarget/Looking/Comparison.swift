import Documents
import Kubernetes
import MooringModel

/// How an object in the cluster compares with its manifest.
struct Comparison: Sendable {
  let projection: Projection
  private let additions: Additions

  /// - Parameters:
  ///   - manager: Our own field manager.
  ///   - ignored: Managers of which nothing is said.
  init(
    _ manifest: Manifest, with live: KubernetesObject, manager: String, ignoring ignored: Set<String>
  ) throws(KubernetesError) {
    additions = try Additions(live, ours: manager, ignoring: ignored)
    let fields: [FieldPath] =
      switch manifest.wishes.ignores {
      case .nothing: []
      case .everything: [.root]
      case .fields(let fields): fields
      }
    projection = Projection(of: manifest.root, on: live.root, additions: additions.fields, ignoring: fields)
  }

  var isEqual: Bool { projection.isEqual }

  /// What the manifest sets, as JSON.
  func expected() throws(KubernetesError) -> [UInt8] { try JSONBody(projection.expected).bytes }

  /// What is there instead, as JSON.
  func found() throws(KubernetesError) -> [UInt8] { try JSONBody(projection.found).bytes }

  /// Who set the first field that differs, and when, as the server has recorded it.
  func author() throws(KubernetesError) -> Attribution? {
    let difference = differences(from: try expected(), to: try found(), path: "object.json")
    guard case .fields(let documents) = difference.content else { return nil }
    for path in documents.flatMap(\.fields).map(\.path) {
      guard let entry = additions.author(of: path) else { continue }
      return Attribution(
        certainty: .certain, program: String(entry.manager.prefix(128)),
        at: entry.time.flatMap { Timestamp(parsing: $0) })
    }
    return nil
  }
}
