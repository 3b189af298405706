import Documents
import MooringModel

/// Covers what commits say, each of thousands once.
struct CommitCover {
  private let cover: SecretCover
  private var known: [Revision: HistoricCommit] = [:]
  private var secretKeys: [ExactText: Bool] = [:]

  init(_ cover: SecretCover) { self.cover = cover }

  mutating func covered(_ commit: HistoricCommit) -> HistoricCommit {
    if let known = known[commit.revision] { return known }
    let summary = cover.covered(commit.summary)
    var trailers = commit.trailers
    for place in trailers.indices {
      trailers[place].value =
        isSecret(trailers[place].key) ? SecretRules.placeholder : cover.covered(trailers[place].value)
    }
    let isSame = summary == commit.summary && trailers == commit.trailers
    let covered = isSame ? commit : commit.saying(summary, trailers)
    known[commit.revision] = covered
    return covered
  }

  private mutating func isSecret(_ key: String) -> Bool {
    let text = ExactText(key)
    if let known = secretKeys[text] { return known }
    let isSecret = cover.rules.isSecret(key)
    secretKeys[text] = isSecret
    return isSecret
  }
}
