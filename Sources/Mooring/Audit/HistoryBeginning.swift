import MooringJournal
import MooringModel

extension EnvironmentContext {
  /// What production ran at a moment.
  ///
  /// - Throws: `Fault` that says when history begins, where that was later.
  func deployed(at moment: Timestamp) throws -> ReleaseReference {
    if let deployed = try journal.deployed(at: moment, of: name, in: repository.git) { return deployed.release }
    var filter = EventFilter()
    filter.kinds = ["deployment.finished"]
    let first = try journal.page(
      of: name, in: repository.git, EventQuery(filter, oldestFirst: true, limit: 1)
    ).events.first
    let beginning = try first?.time ?? journal.beginning(of: name, in: repository.git)
    throw Fault(
      .notFound,
      "\(name) had deployed nothing at \(moment)"
        + (beginning.map { first == nil ? ": its journal begins at \($0)" : ": its history begins at \($0)" } ?? ""),
      remedy: first == nil ? "`mooring sync \(name)` fetches and deploys" : "name a later time")
  }
}
