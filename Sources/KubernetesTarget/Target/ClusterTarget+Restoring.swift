import Documents
import Kubernetes
import MooringModel

extension ClusterTarget {
  /// Puts single objects back as the release has them, each only if it still is as it was seen. What Mooring didn't make
  /// is never deleted.
  ///
  /// - Parameter spared: What stays as it is.
  func restore(
    _ restorations: [Restoration], _ contents: any ReleaseContents, sparing spared: SparedFields
  ) async throws -> StepReport {
    let manifests = try await manifests(of: contents)
    let restorer = ObjectRestorer(
      client: try await cluster.client(), owner: owner, comparer: comparer, sparing: Sparing(fields: spared),
      permit: permit, judgements: judgements,
      identity: { try contents.identity(of: $0) })
    unready = nil
    judgements.forgetHealth()
    var (count, strangers): (Int, [ObjectName]) = (0, [])
    for restoration in restorations {
      if let manifest = manifests[restoration.object] {
        try await restorer.restore(manifest, seen: restoration.seen, fields: restoration.part?.fields)
        count += 1
      } else {
        strangers.append(restoration.object)
      }
    }
    let back = count == 1 ? "put back 1 object" : "put back \(count) objects"
    let left = strangers.prefix(3).map { "\($0) stays: Mooring didn't make it" }
    return StepReport(step: .restore, summary: ([back] + left).joined(separator: ", "))
  }
}
