import Git
import MooringModel

/// Says of releases who signed their commits, and which of them the environment's policy lets into production.
///
/// What is verified is always the commit that a release was made of, by its id: never a branch, a tag, or what either
/// was a moment ago.
struct ReleaseVerification: Sendable {
  /// With `commits: all`, more commits than this since the release that runs are not verified one by one.
  static let mostCommits = 1000
  /// Of more new releases than this at once only the newest are asked who signed them: somebody who may push could keep
  /// us busy for hours. None but the last of them can be deployed, and a rollback to one asks then.
  static let mostReleases = 200
  /// How many of our own reverts may stand on each other.
  private static let deepestReverts = 16

  let repository: Repository
  let policy: VerificationPolicy
  let verifier: CommitVerifier
  let own: OwnReverts

  // MARK: Releases

  /// New releases with their signatures; where there are none, the newest again when its verdict has changed meanwhile.
  func judge(_ releases: [Release], _ state: EnvironmentState) async throws -> [Release] {
    guard !releases.isEmpty else { return try await judgeAgain(state) }
    var judged = Array(releases.dropLast(Self.mostReleases))
    for (index, release) in releases.enumerated().dropFirst(judged.count) {
      judged.append(try await judge(release, state, isLast: index == releases.count - 1))
    }
    return judged
  }

  private func judgeAgain(_ state: EnvironmentState) async throws -> [Release] {
    guard let newest = state.newest, let digest = newest.digest else { return [] }
    guard newest.refusal != nil || (policy.mode != .off && state.deployed?.release.digest != digest) else { return [] }
    let again = try await judge(newest, state, isLast: true)
    return (again.refusal == nil) == (newest.refusal == nil) ? [] : [again]
  }

  private func judge(_ release: Release, _ state: EnvironmentState, isLast: Bool) async throws -> Release {
    var release = release
    release.signature = nil
    if release.digest != nil { release.refusal = nil }
    guard policy.mode != .off else { return release }
    let signature = try await signature(
      of: release.revision.object, digest: release.digest, state, sinceDeployed: isLast)
    release.signature = signature
    if release.digest != nil, !admits(signature) {
      release.refusal = "its commit \(release.revision.short) is \(signature)"
    }
    return release
  }

  func admits(_ signature: ReleaseSignature) -> Bool { policy.mode != .required || signature.verdict.isAccepted }

  // MARK: Commits

  /// - Parameter sinceDeployed: Whether `commits: all` looks at every commit since the release that runs.
  func signature(
    of commit: ObjectID, digest: ReleaseDigest?, _ state: EnvironmentState, sinceDeployed: Bool
  ) async throws -> ReleaseSignature {
    let signature = try await signature(of: commit, digest: digest, state, depth: 0)
    guard sinceDeployed, policy.commits == .all, signature.verdict.isAccepted,
      let base = try state.deployed?.release.revision.object
    else { return signature }
    return try await firstUnaccepted(since: base, to: commit) ?? signature
  }

  private func signature(
    of commit: ObjectID, digest: ReleaseDigest?, _ state: EnvironmentState, depth: Int
  ) async throws -> ReleaseSignature {
    guard own.contains(commit) else { return try await verifier.verify(commit, in: repository, under: policy) }
    if let digest, state.hasRun(digest) { return ReleaseSignature(.own) }
    // A revert on top of what others pushed brings their commits along: it is as good as what it stands on.
    guard depth < Self.deepestReverts, let parent = try repository.commit(commit).parents.first else {
      return ReleaseSignature(.unsigned, reason: "too many reverts on each other")
    }
    var below = try await signature(of: parent, digest: nil, state, depth: depth + 1)
    if below.verdict.isAccepted { return ReleaseSignature(.own) }
    below.commit = try below.commit ?? parent.content
    return below
  }

  private func firstUnaccepted(since base: ObjectID, to tip: ObjectID) async throws -> ReleaseSignature? {
    guard repository.contains(base) else {
      return ReleaseSignature(.unverifiable, reason: "the revision that runs, \(base.hex.prefix(8)), is not here")
    }
    let commits = try repository.commitsBetween(tip, excluding: base).filter { $0 != tip }
    guard commits.count <= Self.mostCommits else {
      return ReleaseSignature(
        .unverifiable, reason: "\(commits.count) commits since the release that runs, more than \(Self.mostCommits)")
    }
    for commit in commits where !own.contains(commit) {
      var signature = try await verifier.verify(commit, in: repository, under: policy)
      guard !signature.verdict.isAccepted else { continue }
      signature.commit = try commit.content
      return signature
    }
    return nil
  }

  /// What is said when a commit isn't deployed for its signature.
  func fault(_ what: String) -> Fault {
    Fault(
      .refusedContent, what,
      remedy: "push a commit that an allowed signer signed: it is deployed as soon as it is seen; or correct `verify`")
  }
}

extension EnvironmentState {
  /// Whether production ran this tree by a decision that was verified when it was made, as far as the state remembers.
  func hasRun(_ digest: ReleaseDigest) -> Bool {
    deployed?.release.digest == digest || rollback?.started.to.digest == digest
      || verified.contains { $0.release.digest == digest }
  }
}
