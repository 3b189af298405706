import MooringJournal
import MooringModel

extension EnvironmentLoop {
  /// Sees that a drill would take nothing away that isn't in a release: production is exactly what was deployed, and both
  /// ways are stored.
  func inspect(_ request: DrillRequest) async throws -> [Fact] {
    do {
      guard let deployed = head.state.deployed?.release, let earlier = head.state.target(of: request)?.release else {
        throw Fault(.state, "there is nothing to go back from, or to", at: context.name.string)
      }
      for release in [deployed, earlier] { _ = try StoredRelease(release.digest, in: context.repository.git) }
      let look = try await DriftReader(context: context).survey(LookRequest(.everything), head.state, at: now).look
      if let fault = strange(look) {
        refuse(fault)
        return [.recorded(look)]
      }
      if let object = try await unjudged(deployed.digest) {
        throw Fault(
          .target, "\(object) isn't as it was deployed, and nobody judges it: a drill would put it back",
          at: context.name.string, remedy: "take it into Git, or out of the release, before going back is rehearsed")
      }
      return [.recorded(look), .inspected(request, Identifier(at: now))]
    } catch {
      refuse(try fault(error))
      return []
    }
  }

  private func strange(_ look: Look) -> Fault? {
    if let found = look.found.first {
      return Fault(
        .target,
        "production was changed by hand, and a drill would go over it: \(found.difference.object)"
          + " \(found.difference.summary)", at: context.name.string,
        remedy: "see `mooring drift \(context.name)`, then `--heal` or `--adopt` it")
    }
    return look.unseen.sorted().first.map {
      Fault(
        .target, "it can't be seen whether production is what was deployed: \($0)", at: context.name.string,
        remedy: "let Mooring read it")
    }
  }

  /// On a host a deployment writes whole files, also those that rules keep from being judged.
  private func unjudged(_ digest: ReleaseDigest) async throws -> ObjectName? {
    guard case .host = context.configuration.target else { return nil }
    let contents = try StoredRelease(digest, in: context.repository.git)
    let report = try await context.target.differences(from: contents, in: .everything, LookRules())
    let isSwitched = context.configuration.target.isSwitched
    return report.differences.first { live in
      let isOwn = live.changed.map { head.state.ranProgram(at: $0) } ?? false
      // Among files of others, what isn't the release's stays where it is.
      return (live.expected != nil || isSwitched) && !(isOwn && live.found != nil)
    }?.object
  }

  /// Whether production is what a deployment of a drill has brought, object by object.
  func proof(of id: Identifier) async throws -> GateResult {
    let began = now
    var problem: String?
    do {
      problem = try await difference(after: id)
    } catch let fault as Fault {
      problem = fault.description
    }
    return GateResult(
      deployment: id, gate: Self.proofName, passed: problem == nil, attempts: 1,
      milliseconds: now.milliseconds - began.milliseconds, detail: problem)
  }

  /// How the gate is called that compares production with the release.
  static let proofName = "contents"

  private func difference(after id: Identifier) async throws -> String? {
    guard let release = head.state.inFlight?.started.release else { return nil }
    let live = try await context.target.observe().deployed
    guard live == release.digest else {
      return "\(live?.short ?? "nothing") runs, and should be \(release.digest.short)"
    }
    // As it will be when the deployment has ended: what its programs wrote is theirs.
    var state = head.state
    let finished = DeploymentFinished(
      deployment: id, outcome: .verified, live: live, programs: programs.all.isEmpty ? nil : programs.all)
    state.apply(
      Event(
        id: Identifier(at: now), time: now, initiator: .watcher, source: context.journal.source,
        environment: context.name, payload: .deploymentFinished(finished)))
    let look = try await DriftReader(context: context).survey(LookRequest(.everything), state, at: now).look
    return look.found.first.map { "\($0.difference.object) \($0.difference.summary)" }
      ?? look.unseen.sorted().first.map { "\($0) can't be seen" }
  }
}
