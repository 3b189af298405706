import Documents
import MooringJournal
public import MooringModel

/// What a deployment would change, before anything is touched.
public struct PlanPreview: Sendable {
  public var from: ReleaseDigest?
  public var to: ReleaseReference
  /// In which files and fields the release differs from what runs.
  public var changes: [ReleaseChange]
  /// What would become of each object; `nil` of a target whose objects are the release's files.
  public var objects: [PlannedObject]?
  /// Why the target would refuse the release as a whole.
  public var problem: Fault?

  /// Whether nothing would change.
  public var isEmpty: Bool {
    guard let objects else { return from == to.digest }
    return problem == nil && objects.allSatisfy { $0.action == .keep }
  }
}

/// One object that a deployment would change. Values of secrets are never in it.
public struct PlannedObject: Sendable, Encodable {
  public var object: String
  public var action: ObjectPreview.Action
  /// Where the release has it, as `file:line`.
  public var origin: String?
  public var fields: [FieldChange]
  /// Fields that are not listed.
  public var more: Int
  public var reason: String?
  public var remedy: String?
  /// Who changed by hand what differs.
  public var by: Attribution?

  /// - Parameter known: Who changed it by hand, as far as the journal knows.
  init(_ preview: ObjectPreview, _ secrets: SecretRules, known: Attribution?) {
    object = preview.object.string
    action = preview.action
    origin = preview.origin?.description
    (reason, remedy) = (preview.reason, preview.remedy)
    by = preview.action == .drift ? known ?? preview.by : preview.by
    let all = Self.fields(preview, secrets)
    fields = Array(all.prefix(Difference.listed))
    more = all.count - fields.count
  }

  private static func fields(_ preview: ObjectPreview, _ secrets: SecretRules) -> [FieldChange] {
    guard let before = preview.before, let after = preview.after else { return [] }
    // Fields of a cluster's object are JSON, whatever it is called.
    let difference = differences(from: before, to: after, path: "object.json")
    guard case .fields(let documents) = difference.content else { return [] }
    let isSecret = secrets.hides(preview.object, mode: nil) || secrets.hideAll(of: difference, before, after)
    return documents.flatMap { document in
      document.fields.map { secrets.change($0, of: document, isSecret: isSecret) }
    }
  }
}

extension EnvironmentContext {
  /// Compares what the target runs with a release; with what the fetched branch says where none is named.
  public func plan(to selector: ReleaseSelector?) async throws -> PlanPreview {
    let observation = try await target.observe()
    let release: ReleaseReference
    if let selector { release = try await self.release(selector) } else { release = try await candidate() }
    let (contents, state) = (try StoredRelease(release.digest, in: repository.git), try head().state)
    let preview = try await target.preview(contents, sparing: try spared(of: contents, state))
    let drifts = preview == nil ? [:] : state.drifts
    return PlanPreview(
      from: observation.deployed, to: release,
      changes: try difference(from: observation.deployed, to: release.digest),
      objects: preview?.objects.map {
        PlannedObject($0, configuration.secrets, known: drifts[$0.object]?.attribution)
      }, problem: preview?.problem)
  }
}
