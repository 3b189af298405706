import FoundationEssentials
import GRDB
public import Git
public import MooringModel

/// Who signed commits that nobody deployed: asked when somebody reads of them, and kept for as long as the keys are the same.
extension HistoryIndex {
  /// - Parameter keys: The identity of all that a verdict depends on besides the commit.
  public func verdicts(on commits: [Revision], by keys: ObjectID) throws -> [Revision: ReleaseSignature] {
    try database.read { database in
      let statement = try database.cachedStatement(sql: "SELECT signature FROM verdict WHERE revision = ? AND keys = ?")
      var found: [Revision: ReleaseSignature] = [:]
      for commit in commits {
        let text = try String.fetchOne(statement, arguments: [Data(commit.bytes), keys.data])
        found[commit] = try text.map { try JSONDecoder().decode(ReleaseSignature.self, from: Data($0.utf8)) }
      }
      return found
    }
  }

  public func keep(_ verdicts: [Revision: ReleaseSignature], by keys: ObjectID) throws {
    do {
      try database.write { database in
        let insert = try database.cachedStatement(
          sql: "INSERT OR REPLACE INTO verdict (revision, keys, signature) VALUES (?, ?, ?)")
        for (commit, signature) in verdicts {
          let text = String(decoding: try JSONEncoder().encode(signature), as: UTF8.self)
          try insert.execute(arguments: [Data(commit.bytes), keys.data, text])
        }
      }
    } catch let error as DatabaseError where IndexFile.unwritable.contains(error.resultCode) {}
  }
}
