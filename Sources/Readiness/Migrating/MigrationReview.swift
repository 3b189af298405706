import Migrations

/// What a folder's migrations do that are on one side of a change alone: read once, whoever asks for what follows from it.
struct MigrationReview: Sendable, Hashable {
  /// A migration that databases haven't been through, with what it does.
  struct New: Sendable, Hashable {
    var migration: Migration
    var hazards: [Hazard]
    var declarations: [Declaration]
  }

  /// What is wrong with the folder itself: migrations that ran and are others now, and some that can't be read.
  let problems: [Finding]
  /// In their order.
  let new: [New]

  init(from base: [MigrationFile], to head: [MigrationFile]) {
    let (base, head) = (MigrationHistory(base), MigrationHistory(head))
    let known = Dictionary(base.migrations.map { ($0.up.path, $0) }) { first, _ in first }
    problems =
      Self.edited(known, head)
      + head.unreadable.filter { !base.unreadable.contains($0) }.map { path in
        Finding(.sqlUnreadable, at: Place(file: path), "it is a program: what it does to the schema isn't seen here")
      }
    var review = SchemaReview(from: SchemaReview.schema(after: base.migrations.map(\.up.text)))
    var new: [New] = []
    for migration in head.migrations where known[migration.up.path].map({ $0.up.text != migration.up.text }) ?? true {
      if known[migration.up.path] != nil, !migration.isRepeatable { continue }
      let before = review.hazards.count
      review.take(migration.up.text)
      new.append(
        New(
          migration: migration, hazards: Array(review.hazards.dropFirst(before)),
          declarations: Declaration.all(in: migration.up.text)))
    }
    self.new = new
  }

  private static func edited(_ known: [String: Migration], _ head: MigrationHistory) -> [Finding] {
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
}
