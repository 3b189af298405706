import Migrations

/// What new migrations do to the release that runs before them.
struct MigrationRules {
  let change: Change

  var findings: [Finding] { change.migrating.flatMap { findings(in: $0.review, settles: true) } }

  /// What new migrations do, also where it is in order.
  var hazards: [Finding] { change.migrating.flatMap { findings(in: $0.review, settles: false) } }

  /// - Parameter settles: Whether what no release needs any more is left out.
  private func findings(in review: MigrationReview, settles: Bool) -> [Finding] {
    var findings = review.problems
    for new in review.new {
      findings += self.findings(for: new, settles)
      if new.migration.down == nil, !new.migration.isRepeatable {
        findings.append(
          Finding(
            .downMigrationMissing, at: Place(file: new.migration.up.path),
            "nothing takes it back: \(Self.way(new.migration))"))
      }
    }
    return findings
  }

  private static func way(_ migration: Migration) -> String {
    switch migration.layout {
    case .flyway: "there is no U\(migration.version)__….sql"
    case .golangMigrate: "there is no \(migration.version).down.sql"
    case .rails: "there is no down section, or down.sql"
    case .plain: "there is no \(migration.version).down.sql, beside it or in down/"
    }
  }

  // MARK: Hazards

  private func findings(for new: MigrationReview.New, _ settles: Bool) -> [Finding] {
    let up = new.migration.up
    return new.hazards.compactMap { hazard in
      guard let rule = Rule(rawValue: hazard.kind.rawValue) else { return nil }
      let field = hazard.relation.map { relation in relation.description + (hazard.column.map { "." + $0 } ?? "") }
      let place = Place(file: up.path, line: up.firstLine + hazard.line, field: field)
      guard hazard.kind.isContraction, settles else { return Finding(rule, at: place, hazard.what) }
      switch needs(hazard, new.declarations) {
      case .settled: return nil
      case .needed(let by): return Finding(rule, at: place, "\(hazard.what), and \(by)")
      case .unknown: return Finding(rule, at: place, "\(hazard.what), and nothing says that no release needs it")
      }
    }
  }

  private enum Need {
    case settled
    case needed(String)
    case unknown
  }

  /// Declared, or seen in the code of the release that runs; where an earlier one read it and this one doesn't, the
  /// contraction comes in order.
  private func needs(_ hazard: Hazard, _ declarations: [Declaration]) -> Need {
    let near = declarations.last { $0.line < hazard.line }
    if let near, hazard.line - near.line <= Declaration.reach {
      switch change.declared[near.since] {
      case true?: return .settled
      case false?: return .needed("\(near.since) isn't in what runs now: a release that needs it may still")
      case nil: return .needed("\(near.since) is no commit or release that is known here")
      }
    }
    guard let running = change.applications.first, let relation = hazard.relation else { return .unknown }
    if let file = Mention(relation: relation, column: hazard.column).first(in: running.files) {
      return .needed("\(running.label) names it in \(file)")
    }
    let earlier = change.applications.dropFirst().first {
      Mention(relation: relation, column: hazard.column).first(in: $0.files) != nil
    }
    return earlier == nil ? .unknown : .settled
  }
}
