import Git
import MooringJournal
import MooringModel

/// Releases that the journal has, by what they were rendered from.
struct KnownRenderings {
  /// How far back in the journal one is looked for, in events.
  private static let mostEvents = 2_000

  let environment: EnvironmentName
  let journal: Journal
  let repository: Repository

  /// What these inputs became when they were rendered by this definition; `nil` where they weren't, or the tree is gone.
  func digest(of inputs: [ContentID?], _ definition: Definition) throws -> ReleaseDigest? {
    let events = try journal.events(of: environment, in: repository, limit: Self.mostEvents)
    for case .release(let release) in events.lazy.map(\.payload)
    where release.inputs == inputs && release.definition == definition {
      guard let digest = release.digest, repository.contains(try digest.object) else { continue }
      return digest
    }
    return nil
  }
}
