import MooringJournal
public import MooringModel

/// What differs in production from what was deployed, for `mooring drift` and, later, the page.
public struct DriftReport: Sendable, Encodable {
  /// One object, with what is known of how it came to be so.
  public struct Item: Sendable, Encodable {
    public var object: String
    public var kind: String
    public var summary: String
    public var changesValues: Bool
    public var fields: [FieldChange]
    public var lines: [String]
    /// Fields and lines that are not listed.
    public var more: Int
    /// Where something removed went, or something added came from, where that is certain.
    public var renamed: String?
    /// The drift's identity in the journal; `nil` where the watcher hasn't recorded it yet.
    public var id: String?
    /// Whose certainty is `unknown` where nothing says who it was.
    public var by: Attribution
    /// When it was first seen.
    public var since: Timestamp?
    /// When the file system says that it was last changed.
    public var changed: Timestamp?
    /// The commit or the deployment that is to settle it: `adopted`, or nothing.
    public var fate: String?
  }

  public var environment: String
  /// The release that production should run.
  public var release: String
  public var items: [Item]
  /// What differs because Mooring's own programs (`validate`, `reload`, gates) wrote it, and so is no drift.
  public var own: [String]
  /// What could not be looked at.
  public var unseen: [String]

  /// Whether something waits to be settled.
  public var isClean: Bool { items.allSatisfy { $0.fate == "adopted" } }
}

extension EnvironmentContext {
  /// Looks at production now, beside whoever watches it. Changes nothing and records nothing.
  public func drift(in scope: LookScope = .everything) async throws -> DriftReport {
    let state = try head().state
    guard let deployed = state.deployed?.release else {
      throw Fault(
        .state, "nothing was deployed to \(name) yet, so there is nothing to compare with",
        remedy: "deploy it: `mooring sync \(name)`")
    }
    guard let look = try await DriftReader(context: self).look(LookRequest(scope), state, at: time.now()) else {
      throw Fault(.busy, "a deployment is under way", at: name.string, remedy: "ask again when it has ended")
    }
    let items = look.found.map { found in item(found, state.drifts[found.difference.object]) }
    return DriftReport(
      environment: name.string, release: deployed.label, items: items, own: look.own.map(\.string),
      unseen: look.unseen.map(\.string).sorted())
  }

  private func item(_ found: Look.Found, _ known: OpenDrift?) -> DriftReport.Item {
    let difference = found.difference
    let known = known.flatMap { $0.fingerprint == difference.fingerprint ? $0 : nil }
    return DriftReport.Item(
      object: difference.object.string, kind: difference.kind.rawValue, summary: difference.summary,
      changesValues: difference.changesValues, fields: difference.fields, lines: difference.lines,
      more: difference.more, renamed: difference.renamed?.string,
      id: known?.id.string, by: known?.attribution ?? found.attribution ?? .unknown, since: known?.since,
      changed: found.changed,
      fate: known?.fate == .adopted ? "adopted" : nil)
  }
}
