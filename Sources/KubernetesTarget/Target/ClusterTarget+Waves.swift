import Kubernetes
import MooringModel

extension ClusterTarget {
  /// Applies what is due, stage after stage. What others depend on is healthy before they are applied, and so is all of a
  /// wave before the next one.
  ///
  /// - Returns: What a rollback went on in spite of: what was bad before may be why a wave isn't healthy.
  func apply(_ work: Work, _ applier: Applier, isRollback: Bool) async throws -> [String] {
    let waiting = try await readyWait(.finished)
    let order = DeploymentOrder(work.manifests.manifests)
    let places = Dictionary(order.deployed.map { ($0.name, $0.reference) }) { first, _ in first }
    var (wave, reached, overlooked): (Int?, [Manifest], [String]) = (nil, [], [])
    for stage in try order.stages(of: work.due) {
      // What depends on a later wave goes with that one.
      let next = stage.map(\.wishes.wave).max()
      if let wave, let next, next > wave {
        do { try await waiting.wait(for: reached.filter(isAsked).map(\.reference)) } catch let fault as Fault {
          guard isRollback else { throw fault }
          overlooked.append("went on although \(fault.what)")
        }
        reached = []
      }
      wave = next ?? wave
      try await waiting.wait(for: Set(stage.flatMap(\.wishes.dependencies)).sorted().compactMap { places[$0] })
      try await applier.apply(stage)
      try await settle(stage)
      reached += stage
    }
    return overlooked
  }
}
