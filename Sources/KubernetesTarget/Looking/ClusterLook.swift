import Documents
import Kubernetes
import MooringModel

/// One look at an environment's objects in a cluster.
struct ClusterLook: Sendable {
  let client: APIClient
  let owner: ObjectOwner
  let options: KubernetesTargetOptions
  let rules: LookRules
  let judge: ObjectJudge
  let judgements: Judgements
  /// Where the environment's kinds are watched.
  let hub: WatchHub?
  let authors: ObjectAuthors
  /// What the environment's deployments have put there, for objects that carry its label and aren't the release's.
  let inventory: @Sendable () async throws -> ClusterInventory

  // MARK: Everything

  /// Lists what carries our label, kind by kind, and asks for what is missing there by name; then lists what nobody
  /// explains.
  func everything(_ manifests: ManifestSet) async throws -> LiveReport {
    let judged = manifests.manifests.filter { $0.wishes.hook == nil && !isIgnored($0.name) }
    if let hub, let differences = try await watched(judged, strangersBeside: manifests, by: hub) {
      return LiveReport(differences: differences.sorted { $0.object < $1.object }, compared: judged.count)
    }
    var differences: [LiveDifference] = []
    var left = Dictionary(judged.map { (Identity($0.reference), $0) }) { first, _ in first }
    var (open, labelled): ([Manifest], [Deviation]) = ([], [])
    let places = Set(judged.map { ListedPlace($0.reference) })
    for place in places.sorted() {
      try await client.each(in: place, owner.selector) { object in
        guard let manifest = left.removeValue(forKey: Identity(object.reference)) else {
          if manifests[Identity(object.reference)] == nil, let stranger = labelledStranger(object) {
            labelled.append(stranger)
          }
          return
        }
        guard let deviation = try self.deviation(manifest, object) else { return }
        if isAskedAbout(deviation, object) {
          open.append(manifest)
        } else {
          differences.append(deviation.told(by: authors))
        }
      }
    }
    differences += try await self.differences(open + left.values.sorted { $0.name < $1.name })
    differences += try await strangers(beside: manifests, labelled, listed: places)
    return LiveReport(differences: differences.sorted { $0.object < $1.object }, compared: judged.count)
  }

  func isIgnored(_ object: ObjectName) -> Bool {
    rules.ignore(object.components, isFolder: false, isOurs: true)
  }

  // MARK: Single objects

  func objects(_ names: Set<ObjectName>, _ manifests: ManifestSet) async throws -> LiveReport {
    let wanted = names.sorted().compactMap { manifests[$0] }.filter { $0.wishes.hook == nil && !isIgnored($0.name) }
    let unknown = names.filter { manifests[$0] == nil }
    let beside = unknown.isEmpty ? nil : manifests
    var differences: [LiveDifference]
    if let hub, let known = try await watched(wanted, strangersBeside: beside, by: hub) {
      differences = known.filter { $0.expected != nil || unknown.contains($0.object) }
    } else {
      differences = try await self.differences(wanted)
      if let beside { differences += try await strangers(beside: beside).filter { unknown.contains($0.object) } }
    }
    return LiveReport(differences: differences.sorted { $0.object < $1.object }, compared: wanted.count)
  }

  func difference(_ manifest: Manifest) async throws -> LiveDifference? {
    do {
      return try await judged(manifest, try await client.get(manifest.reference))?.told(by: authors)
    } catch let error as KubernetesError {
      guard [.notFound, .unsupported].contains(error.code) else { throw error }
      judgements.forget(Identity(manifest.reference))
      return Deviation.missing(manifest).told(by: authors)
    }
  }

  func deviation(_ manifest: Manifest, _ live: KubernetesObject) throws -> Deviation? {
    // Where another release has taken over meanwhile, its judgements aren't touched.
    try judgements.judge(live).map(\.finding.deviation) ?? judge.deviation(manifest, live)
  }
}
