/// How a folder of migrations is laid out, by the tool that it is for.
public enum MigrationLayout: String, Sendable, Hashable, CaseIterable {
  /// `V1__name.sql`, `U1__name.sql`, `R__name.sql`
  case flyway
  /// `000001_name.up.sql`, `000001_name.down.sql`
  case golangMigrate
  /// Both directions in one file, told apart by `-- migrate:up` and `-- migrate:down`, or `-- +goose Up` and `Down`; or
  /// a folder a migration, with `up.sql` and `down.sql`, or `migration.sql`. Names begin with a time.
  case rails
  /// Files in the order of their names, forward only unless `NAME.down.sql` or `down/NAME.sql` is there.
  case plain
}

/// One step of a database's history: what it does, and what undoes it.
public struct Migration: Sendable, Hashable {
  public struct Script: Sendable, Hashable {
    public var path: String
    /// The lines of the file before it.
    public var firstLine: Int
    public var text: [UInt8]
  }

  public var layout: MigrationLayout
  /// What it is called in its tool: a version.
  public var version: String
  public var up: Script
  public var down: Script?
  /// It runs again whenever it changes: it has no undo, and its order is after all others.
  public var isRepeatable = false
}

/// A file that may be a migration.
public struct MigrationFile: Sendable, Hashable {
  public var path: String
  public var text: [UInt8]

  public init(path: String, text: [UInt8]) {
    self.path = path
    self.text = text
  }

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
}
