/// What would bring a target from what it reports to a release.
///
/// - Parameters:
///   - changes: The files in which the release differs from what the target runs.
///   - keeping: Releases that must stay at hand to go back to.
///   - resuming: The deployment had begun before the program stopped: the service may not have been told yet.
///   - overwriting: What somebody changed by hand is gone over.
///   - isRollback: It goes back to what ran before.
///   - own: What programs of earlier deployments wrote.
///   - spared: What of a target's objects isn't ours.
public func plan(
  _ observation: Observation, to digest: ReleaseDigest, changes: [PathChange], keeping: Set<ReleaseDigest>,
  resuming: Bool = false, overwriting: Bool = false, isRollback: Bool = false, own: Set<ObjectName> = [],
  spared: SparedFields = SparedFields()
) -> Plan {
  let isLive = observation.deployed == digest
  var steps: [Step] = [.materialise(digest)]
  if !isLive {
    steps += [.validate(digest), .activate(digest, expecting: observation.deployed)]
  }
  if !isLive || resuming {
    steps += [.reload(digest), .retire(keeping: keeping.union([digest]))]
  }
  return Plan(
    from: observation.deployed, to: digest, changes: isLive ? [] : changes, steps: steps, overwrites: overwriting,
    isRollback: isRollback, own: own, spared: spared)
}
