/// What can be wrong. Its name is what a configuration, a waiver and every output calls it; `docs/rules.md` explains each.
public enum Rule: String, Hashable, Sendable, CaseIterable, Codable {
  // Artifacts
  case imageLatest = "image-latest"
  case imageMutable = "image-mutable"
  case imageMoved = "image-moved"
  case imageGone = "image-gone"
  case imageUnknown = "image-unknown"
  case inputsUnresolved = "inputs-unresolved"
  case renderingUnknown = "rendering-unknown"
  // Migrations
  case sqlUnreadable = "sql-unreadable"
  case tableDropped = "table-dropped"
  case tableRenamed = "table-renamed"
  case columnDropped = "column-dropped"
  case columnRenamed = "column-renamed"
  case typeNarrowed = "type-narrowed"
  case valueRequired = "value-required"
  case constraintValidated = "constraint-validated"
  case indexBlocking = "index-blocking"
  case dataDestroyed = "data-destroyed"
  case objectRemoved = "object-removed"
  case downMigrationMissing = "down-migration-missing"
  case migrationEdited = "migration-edited"
  case backupMissing = "backup-missing"
  // Going back
  case revertConflicts = "revert-conflicts"
  case releaseMissing = "release-missing"
  case fieldImmutable = "field-immutable"
  case neverRehearsed = "never-rehearsed"
  // Two versions at once
  case apiRemoved = "api-removed"
  case apiNarrowed = "api-narrowed"
  case apiRequires = "api-requires"
  case versionRemoved = "version-removed"
  case storageVersionChanged = "storage-version-changed"
  case keyRenamed = "key-renamed"
  // One thing at a time
  case mixedChange = "mixed-change"
}

extension Rule {
  /// How grave it is where no configuration says.
  public var severity: Severity {
    switch self {
    case .imageMutable, .constraintValidated, .indexBlocking, .downMigrationMissing, .neverRehearsed, .mixedChange,
      .keyRenamed, .imageUnknown, .renderingUnknown:
      .warning
    default: .error
    }
  }

  /// What it demands, in one sentence.
  public var demand: String {
    switch self {
    case .imageLatest: "An image is never named by `latest`, or by no tag at all."
    case .imageMutable: "An image is named by its digest, or by a tag that is a commit."
    case .imageMoved: "A tag names what it named when it was released."
    case .imageGone: "The images of releases to go back to are in their registries."
    case .imageUnknown: "Somebody can say whether an image is there."
    case .inputsUnresolved: "The charts and files that a release is made of are there, and make one."
    case .renderingUnknown: "Somebody can say what a change renders to."
    case .sqlUnreadable: "Every statement of a migration can be read."
    case .tableDropped: "A table goes after the last release that needs it."
    case .tableRenamed: "A table keeps its name while a release needs it."
    case .columnDropped: "A column goes after the last release that needs it."
    case .columnRenamed: "A column keeps its name while a release needs it."
    case .typeNarrowed: "A column's new type holds and understands every value of the old one."
    case .valueRequired: "A row that the release before writes is taken after the migration too."
    case .constraintValidated: "A constraint on a table that is in use is added NOT VALID, and validated by itself."
    case .indexBlocking: "An index on a table that is in use is built, and dropped, concurrently."
    case .dataDestroyed: "A migration takes no rows and no values away."
    case .objectRemoved: "Functions, types and sequences stay, by their names, while a release needs them."
    case .downMigrationMissing: "A migration has a way down."
    case .migrationEdited: "A migration that has run stays as it is."
    case .backupMissing: "There is a recent backup before anything is destroyed."
    case .revertConflicts: "The revert to an earlier release applies today."
    case .releaseMissing: "The tree of a release to go back to is stored."
    case .fieldImmutable: "No field changes that Kubernetes wouldn't change back."
    case .neverRehearsed: "Going back was rehearsed."
    case .apiRemoved: "What callers may use of an interface stays."
    case .apiNarrowed: "An interface takes what it took, and a field is of the type that it was."
    case .apiRequires: "An interface requires nothing new."
    case .versionRemoved: "A served version of a resource stays served."
    case .storageVersionChanged: "The stored version of a resource changes by itself, in a release of its own."
    case .keyRenamed: "A key of a configuration stays beside its new name while a release reads it."
    case .mixedChange: "A release changes one thing."
    }
  }

  /// What a person can do, where a finding says nothing more fitting.
  public var remedy: String {
    switch self {
    case .imageLatest, .imageMutable: "name the image by digest: NAME@sha256:…"
    case .imageMoved: "push what was released again under its own tag, and name images by digest"
    case .imageGone: "push the image again, and keep what K releases name out of the registry's clean-up"
    case .imageUnknown: "list the registry under `registries`, with its credentials, and see that it answers"
    case .inputsUnresolved: "commit what is missing, or no longer name it"
    case .renderingUnknown: "let the pipeline have the renderer's program"
    case .sqlUnreadable: "write it as plain SQL, or look at it together and waive this finding"
    case .tableDropped, .columnDropped:
      "first ship a release that doesn't use it, and then write `-- mooring: unused since COMMIT` above the statement"
    case .tableRenamed, .columnRenamed: "add the new name beside the old, move readers and writers, then drop the old"
    case .typeNarrowed: "add a column of the new type, write both, move readers, then drop the old"
    case .valueRequired: "give it a default, or require it after the last release that doesn't write it"
    case .constraintValidated: "add it NOT VALID, and VALIDATE CONSTRAINT in a migration of its own"
    case .indexBlocking: "say CONCURRENTLY, in a migration of its own"
    case .dataDestroyed: "keep the old values beside the new, and remove them when nobody can go back to them any more"
    case .objectRemoved: "add the new one beside the old, and drop that when no release needs it"
    case .downMigrationMissing: "write the way down, also where it is empty"
    case .migrationEdited: "leave it as it ran, and write another migration"
    case .backupMissing: "make a backup, and let `readiness.backup` see it"
    case .revertConflicts: "resolve it now, while nothing burns"
    case .releaseMissing: "fetch the journal from the remote, which holds it"
    case .fieldImmutable: "make a new object by another name beside the old one, and move over"
    case .neverRehearsed: "rehearse it: `mooring drill`, first where nobody is hurt"
    case .apiRemoved: "keep it, deprecated, until the last release whose callers use it can't come back"
    case .apiNarrowed: "add a field of the new type beside it"
    case .apiRequires: "make it optional, and require it when every caller sends it"
    case .versionRemoved: "go on serving it until no object and no client uses it"
    case .storageVersionChanged:
      "serve both, change the storage version alone, migrate the objects, then remove the old"
    case .keyRenamed: "keep the old key beside the new one until no release to go back to reads it"
    case .mixedChange: "split the change: each part is then undone by itself"
    }
  }
}
