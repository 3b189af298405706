import Documents
import Git
import MooringJournal
import MooringModel

/// Looks at production, and says what it means.
struct DriftReader: Sendable {
  let context: EnvironmentContext

  /// - Returns: `nil` where nothing was deployed yet, or a deployment is under way: then there is nothing to compare with.
  /// - Throws: `Fault` where the target can't be looked at, or the release's tree is lost.
  func look(_ request: LookRequest, _ state: EnvironmentState, at now: Timestamp) async throws -> Look? {
    guard state.deployed != nil, state.inFlight == nil else { return nil }
    return try await survey(request, state, at: now).look
  }

  /// A look, and what stands at each object that differs.
  func survey(
    _ request: LookRequest, _ state: EnvironmentState, at now: Timestamp
  ) async throws -> (look: Look, seen: [Restoration]) {
    guard let deployed = state.deployed?.release else { throw Fault(.state, "nothing was deployed yet") }
    let contents = try StoredRelease(deployed.digest, in: context.repository.git)
    let report = try await context.target.differences(from: contents, in: request.scope, try rules(contents))
    let meaning = DriftMeaning(
      contents: contents, target: context.target, key: try FingerprintKey(in: context.state),
      policy: context.configuration.policy.drift, secrets: context.configuration.secrets,
      ignores: state.ignores.filter { $0.isInForce(at: now) }.map(\.ignored))
    var (found, own): ([Look.Found], [ObjectName]) = ([], [])
    let renamed = RenamedObjects(report.differences)
    let (differences, moved) = try await meaning.meanings(of: report.differences)
    for (live, difference) in zip(report.differences, differences) {
      guard var difference else { continue }
      difference.renamed = renamed[live.object]
      let by = Self.teller(live.object, request.told) ?? live.by
      if by == nil, live.found != nil, let changed = live.changed, state.ranProgram(at: changed) {
        own.append(live.object)
      } else {
        found.append(Look.Found(difference, attribution: by, changed: live.changed))
      }
    }
    let differing = Set(report.differences.map(\.object))
    var touched: [ObjectName: Attribution?] = [:]
    for (object, by) in request.told where !differing.contains(object) && contents.holds(object) {
      touched.updateValue(by, forKey: object)
    }
    let look = Look(
      scope: request.scope, baseline: deployed.digest, found: found,
      unseen: Set(report.unseen.keys).union(moved), unattended: request.unattended, own: own, touched: touched)
    return (look, report.differences.map { Restoration(object: $0.object, seen: $0.found) })
  }

  /// Of what was found, that which a release would go over: not what it has itself, as after an adoption.
  func standing(
    _ look: Look, against next: StoredRelease, _ state: EnvironmentState
  ) async throws -> [Look.Found] {
    let objects = Set(look.found.map(\.difference.object))
    guard !objects.isEmpty else { return [] }
    let isSwitched = context.configuration.target.isSwitched
    let previous = try StoredRelease(look.baseline, in: context.repository.git)
    var result: [Look.Found] = []
    for found in look.found {
      let object = found.difference.object
      let wanted = try await context.target.wanted(object, in: next)
      // Among the files of others a deployment goes over what it changes, and over nothing else.
      if !isSwitched, try await wanted == context.target.wanted(object, in: previous) { continue }
      if wanted != nil, try await context.target.isLive(object, of: next) { continue }
      if wanted == nil, found.difference.kind == .removed { continue }
      if wanted == nil, found.difference.kind == .added, try await isAdopted(object, in: next) { continue }
      result.append(found)
    }
    return result
  }

  /// Whether a release has all that a folder of others holds.
  private func isAdopted(_ folder: ObjectName, in next: StoredRelease) async throws -> Bool {
    guard next.entry(of: folder)?.mode == .directory else { return false }
    for file in try await context.target.files(in: folder, limit: AdoptionMaker.mostFiles, rules(next)) {
      let live = try await context.target.read(file, limit: HostTargetOptions.Limits().fileBytes)
      guard let wanted = next.content(of: file), live?.object.content == wanted else { return false }
    }
    return true
  }

  /// What events told of the object, or of a folder that it is in.
  private static func teller(_ object: ObjectName, _ told: [ObjectName: Attribution?]) -> Attribution? {
    if let by = told[object] { return by }
    guard let slash = object.string.lastIndex(of: "/") else { return nil }
    return teller(ObjectName(written: String(object.string[..<slash])), told)
  }

  /// The rules by which a target is watched: before anything is deployed, the operator's alone.
  func watchRules() throws -> LookRules {
    guard let deployed = try context.head().state.deployed?.release,
      let contents = try? StoredRelease(deployed.digest, in: context.repository.git)
    else { return context.configuration.policy.drift.look }
    return try rules(contents)
  }

  /// The operator's, and those that the release brings along.
  func rules(_ contents: StoredRelease) throws -> LookRules {
    var rules = context.configuration.policy.drift.look
    if let bytes = contents.bytes(at: LookRules.fileName, limit: LookRules.fileLimit) {
      rules.ignored += try LookRules.patterns(in: bytes)
    }
    return rules
  }
}

extension EnvironmentContext {
  /// What of a release's objects isn't ours: by the configuration, the release, and the word of people.
  func spared(of contents: StoredRelease, _ state: EnvironmentState) throws -> SparedFields {
    SparedFields(
      rules: configuration.policy.drift.ignoredFields,
      ignores: state.ignores.filter { $0.isInForce(at: time.now()) }.map(\.ignored),
      look: try DriftReader(context: self).rules(contents))
  }
}
