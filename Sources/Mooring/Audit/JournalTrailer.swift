import Git
import MooringModel

/// `Mooring-Journal: production 0123…`: the line of a revert or an adoption that names the head which the journal had when
/// the commit was made.
struct JournalTrailer {
  static let key = "Mooring-Journal"
  /// Commits of a branch that are looked through.
  private static let mostCommits = 500_000

  /// The commit on the branch.
  var commit: ObjectID
  var head: ObjectID

  static func line(_ environment: EnvironmentName, _ head: ObjectID?) -> String? {
    head.map { "\(key): \(environment) \($0.hex)" }
  }

  /// Those on the tracked branch as it was last fetched, also on what was merged into it, the newest commit first.
  static func all(of environment: EnvironmentName, on repository: TrackedRepository) throws -> [JournalTrailer] {
    guard let tip = try repository.git.reference(repository.configuration.trackingReference) else { return [] }
    var found: [JournalTrailer] = []
    var count = 0
    var walk = AncestorWalk(in: repository.git, from: [tip])
    while count < mostCommits, let id = walk.next() {
      count += 1
      let commit = try repository.git.commit(id)
      if commit.message.contains(key) { found += trailers(of: commit, environment) }
    }
    return found
  }

  private static func trailers(of commit: Commit, _ environment: EnvironmentName) -> [JournalTrailer] {
    commit.trailers.compactMap { trailer in
      let words = trailer.value.split(separator: " ")
      guard trailer.key == key, words.count == 2, words[0] == environment.string, let head = ObjectID(hex: words[1])
      else {
        return nil
      }
      return JournalTrailer(commit: commit.id, head: head)
    }
  }
}
