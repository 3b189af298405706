import Migrations

/// What new migrations do to the release that runs before them.
struct MigrationRules {
  let change: Change

  var findings: [Finding] { change.migrating.flatMap { findings(in: $0, settles: true) } }

  /// What new migrations do, also where it is in order.
  var hazards: [Finding] { change.migrating.flatMap { findings(in: $0, settles: false) } }

  /// - Parameter settles: Whether what no release needs any more is left out.
  private func findings(in migrating: Change.Migrating, settles: Bool) -> [Finding] {
    let (base, head) = (MigrationHistory(migrating.base), MigrationHistory(migrating.head))
    let known = Dictionary(base.migrations.map { ($0.up.path, $0) }) { first, _ in first }
    var review = SchemaReview(from: SchemaReview.schema(after: base.migrations.map(\.up.text)))
    var findings = edited(known, head)
    for path in head.unreadable where !base.unreadable.contains(path) {
      findings.append(
        Finding(.sqlUnreadable, at: Place(file: path), "it is a program: what it does to the schema isn't seen here"))
    }
    for migration in head.migrations where known[migration.up.path].map({ $0.up.text != migration.up.text }) ?? true {
      if known[migration.up.path] != nil, !migration.isRepeatable { continue }
      let before = review.hazards.count
      review.take(migration.up.text)
      findings += self.findings(for: Array(review.hazards.dropFirst(before)), of: migration, settles)
      if migration.down == nil, !migration.isRepeatable {
        findings.append(
          Finding(
            .downMigrationMissing, at: Place(file: migration.up.path), "nothing takes it back: \(Self.way(migration))"))
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

  // MARK: Migrations that ran

  private func edited(_ known: [String: Migration], _ head: MigrationHistory) -> [Finding] {
    let now = Dictionary(head.migrations.map { ($0.up.path, $0) }) { first, _ in first }
    return known.keys.sorted().compactMap { path in
      guard let old = known[path], !old.isRepeatable else { return nil }
      guard let new = now[path] else {
        return Finding(.migrationEdited, at: Place(file: path), "it is gone, and databases have it")
      }
      guard new.up.text != old.up.text else { return nil }
      return Finding(.migrationEdited, at: Place(file: path), "it isn't what databases have been through")
    }
  }

  // MARK: Hazards

  private func findings(for hazards: [Hazard], of migration: Migration, _ settles: Bool) -> [Finding] {
    let declarations = Declaration.all(in: migration.up.text)
    return hazards.compactMap { hazard in
      guard let rule = Rule(rawValue: hazard.kind.rawValue) else { return nil }
      let field = hazard.relation.map { relation in relation.description + (hazard.column.map { "." + $0 } ?? "") }
      let place = Place(file: migration.up.path, line: migration.up.firstLine + hazard.line, field: field)
      guard hazard.kind.isContraction, settles else { return Finding(rule, at: place, hazard.what) }
      switch needs(hazard, declarations) {
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
