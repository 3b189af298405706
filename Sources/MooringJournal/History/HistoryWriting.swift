import GRDB
import Git
import MooringModel

/// Writes commits of a line into the tables, and remembers from batch to batch what it has looked up there.
struct HistoryWriting {
  private var line: HistoryIndex.Progress
  private let repository: Repository
  private var names: HistoryNames
  private var holdings: HistoryHoldings
  private var contents = FileContents()

  init(line: HistoryIndex.Progress, repository: Repository) {
    self.line = line
    self.repository = repository
    let isNew = line.length == 0
    names = HistoryNames(line: line.id, isNew: isNew)
    holdings = HistoryHoldings(line: line.id, isNew: isNew)
  }

  /// A commit that changed something, and what.
  private struct Moment {
    var commit: Commit
    var changes: TreeChanges
  }

  mutating func add(
    _ steps: ArraySlice<HistoryIndex.Step>, following follower: TreeFollower, to index: HistoryIndex
  ) throws -> HistoryBuild {
    var build = HistoryBuild()
    build.looked = steps.count
    let readBefore = contents.read
    let clock = ContinuousClock()
    var next = line
    var moments: [Moment] = []
    build.paths += try clock.measure {
      for step in steps {
        let changes = try follower.changes(from: next.tree, to: step.tree)
        (next.tree, next.reached, next.mark) = (step.tree, step.commit, step.mark)
        if !changes.isEmpty { moments.append(Moment(commit: try repository.commit(step.commit), changes: changes)) }
      }
    }
    build.resources += try clock.measure {
      try contents.read(moments.flatMap(\.changes), in: repository)
      build.filesRead = contents.read - readBefore
    }
    build.commits = moments.count
    next.length += moments.count
    try index.database.write { database in
      try claim(next, database)
      build.paths += try clock.measure { try keepPaths(moments, database) }
      build.resources += try clock.measure { try keepResources(moments, database) }
    }
    line = next
    return build
  }

  /// Moves the line's end, where it is still what this began with.
  private func claim(_ next: HistoryIndex.Progress, _ database: Database) throws {
    try database.execute(
      sql: "UPDATE line SET reached = ?, tree = ?, mark = ?, length = ? WHERE id = ? AND reached IS ? AND length = ?",
      arguments: [
        next.reached?.data, next.tree?.data, next.mark, next.length, line.id, line.reached?.data, line.length,
      ])
    guard database.changesCount == 1 else { throw HistoryIndex.Overtaken() }
  }

  private mutating func keepPaths(_ moments: [Moment], _ database: Database) throws {
    let moment = try database.cachedStatement(sql: "INSERT INTO moment (line, position, revision) VALUES (?, ?, ?)")
    let file = try database.cachedStatement(
      sql: "INSERT INTO file (line, position, path, old, new, mode) VALUES (?, ?, ?, ?, ?, ?)")
    for (offset, each) in moments.enumerated() {
      let position = line.length + offset + 1
      try moment.execute(arguments: [line.id, position, names.revision(each.commit, database)])
      for change in each.changes {
        try file.execute(arguments: [
          line.id, position, names.path(change.rawPath, database), change.old?.id.data, change.new?.id.data,
          change.new?.mode.rawValue,
        ])
      }
    }
  }

  private mutating func keepResources(_ moments: [Moment], _ database: Database) throws {
    for (offset, each) in moments.enumerated() {
      for change in each.changes where FileObjects.mayBe(at: change.rawPath) {
        let path = try names.path(change.rawPath, database)
        let content = try change.new.flatMap { try contents.content(of: $0, at: change.rawPath, in: repository) }
        try holdings.put(content, of: change.new?.id, at: path, change.rawPath, &names, database)
      }
      try holdings.settle(at: line.length + offset + 1, database)
    }
    try holdings.write(database)
  }
}
