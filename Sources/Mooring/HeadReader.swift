import Git
import MooringJournal
import MooringModel

/// Reads what the fetched branch means for an environment: new releases, rewritten history, what should run.
struct HeadReader {
  let repository: TrackedRepository
  let environment: EnvironmentConfiguration
  let releases: ReleaseIndex
  let rendering: EnvironmentRendering
  let verification: ReleaseVerification
  let quarantine: QuarantineComparison

  /// A report, and the objects that its releases need to be kept with, by number.
  struct Reading {
    var report: HeadReport
    var objects: [ReleaseNumber: [RawObject]] = [:]
    /// The commit that the environment's head is: the branch's, or with the owed reverts on it.
    var head: ObjectID
    /// Why what the head says isn't deployed, where that is for a signature.
    var unverified: Fault?
  }

  private var git: Repository { repository.git }
  /// What decides which commits count; of the definition, this alone is known without asking the renderer's program.
  private var paths: [String] { environment.definition.paths }

  func read(_ state: EnvironmentState, asked: SyncRequest?) async throws -> Reading {
    let tip = try repository.tip()
    var reading = Reading(report: HeadReport(remote: try tip.content, asked: asked), head: tip)
    let maker = try await rendering.maker(mailmap: git.mailmap(at: tip))
    var made: [MadeRelease]
    if state.anchor == nil {
      made = try await meet(tip, &reading, maker)
    } else {
      made = try await follow(tip, state, &reading, maker)
    }
    if let last = made.last?.release.definition ?? state.definition, last != maker.definition {
      made.append(try await maker.make(state.lastNumber.next, of: tip, trusting: nil))
    }
    reading.report.releases = try await verification.judge(made.map(\.release), state)
    for release in made { reading.objects[release.release.number] = release.objects }
    try await choose(&reading, state, reading.report.releases.last ?? state.newest, maker)
    if let candidate = reading.report.candidate {
      reading.report.resemblances = try quarantine.resemblances(of: candidate.digest, state)
    }
    return reading
  }

  // MARK: Numbering

  /// The first meeting: releases up to now are counted, and only the newest is rendered.
  private func meet(_ tip: ObjectID, _ reading: inout Reading, _ maker: ReleaseMaker) async throws -> [MadeRelease] {
    let changes = try git.changesOfInputs(firstParentsFrom: tip, until: nil, paths: paths)
    reading.report.catalogue = Catalogue(count: changes.count, upTo: try tip.content, definition: maker.definition)
    try keepCatalogue(changes.map(\.commit))
    guard let newest = changes.last else { return [] }
    return [try await maker.make(ReleaseNumber(changes.count), of: newest.commit, trusting: nil)]
  }

  /// Counts the releases of the catalogue again, where the index was deleted.
  func recount(_ catalogue: Catalogue) throws {
    let changes = try git.changesOfInputs(
      firstParentsFrom: catalogue.upTo.object, until: nil, paths: catalogue.definition.paths)
    try keepCatalogue(changes.map(\.commit))
  }

  private func keepCatalogue(_ revisions: [ObjectID]) throws {
    let summaries = try revisions.enumerated().map { index, revision in
      let commit = try git.commit(revision)
      return ReleaseSummary(
        number: ReleaseNumber(index + 1), revision: try revision.content,
        committed: Timestamp(of: commit), author: commit.author.name,
        summary: commit.summary)
    }
    try releases.catalogue(summaries, of: environment.name)
  }

  private func follow(
    _ tip: ObjectID, _ state: EnvironmentState, _ reading: inout Reading, _ maker: ReleaseMaker
  ) async throws -> [MadeRelease] {
    guard let anchor = try state.anchor?.object, tip != anchor else { return [] }
    let new = try git.contains(anchor) ? Set(git.commitsBetween(tip, excluding: anchor)) : nil
    let base = try new == nil ? nil : git.mergeBase(tip, anchor)
    if base != anchor {
      reading.report.rewritten = try rewriting(from: anchor, to: tip, base: base)
    }
    var border: ObjectID?
    try git.walkFirstParents(from: tip) { commit in
      guard new?.contains(commit.id) != false else {
        border = commit.id
        return false
      }
      return true
    }
    let changes = try git.changesOfInputs(firstParentsFrom: tip, until: border, paths: paths)
    if changes.isEmpty, reading.report.rewritten != nil {
      // The branch went back to a commit that it had before: what it says now is a release of its own.
      let made = try await maker.make(state.lastNumber.next, of: tip, trusting: state.newest?.digest)
      return made.release.inputs == state.newest?.inputs ? [] : [made]
    }
    var number = state.lastNumber
    var trusted = state.newest?.digest
    var releases: [MadeRelease] = []
    for change in changes {
      number = number.next
      let made = try await maker.make(number, of: change.commit, trusting: trusted)
      trusted = made.release.digest ?? trusted
      releases.append(made)
    }
    return releases
  }

  private func rewriting(from anchor: ObjectID, to tip: ObjectID, base: ObjectID?) throws -> HistoryRewritten {
    var vanished: [ObjectID] = []
    if git.contains(anchor) {
      vanished = try git.changesOfInputs(firstParentsFrom: anchor, until: base, paths: paths)
        .map(\.commit).reversed()
    }
    return HistoryRewritten(
      was: try anchor.content, now: try tip.content, vanished: try vanished.map { try $0.content })
  }

  // MARK: What should run

  private func choose(
    _ reading: inout Reading, _ state: EnvironmentState, _ newest: Release?, _ maker: ReleaseMaker
  ) async throws {
    guard state.owed.isEmpty else { return try await chooseOwed(&reading, state, maker) }
    guard let newest else {
      reading.report.refusal = Fault(
        .notFound, "no commit of the branch has anything at \(paths.joined(separator: ", "))",
        at: Redaction.url(repository.configuration.url), remedy: "add it, or correct `path` of the environment")
      return
    }
    if newest.digest != nil, let refusal = newest.refusal {
      reading.refuse(verification.fault("\(newest.number) is not deployed: \(refusal)"))
    } else if let candidate = newest.reference {
      reading.report.candidate = candidate
    } else {
      reading.report.refusal = Fault(
        .refusedContent, "\(newest.number) can't be rendered: \(newest.refusal ?? "no reason is known")",
        remedy: "commit a fix: it is deployed as soon as it is seen")
    }
  }

  /// While a revert is owed the head is the remote's with the owed commits on it, so that no poll brings the bad back.
  private func chooseOwed(_ reading: inout Reading, _ state: EnvironmentState, _ maker: ReleaseMaker)
    async throws
  {
    let replay = Replay(repository: git, secrets: environment.secrets)
    guard case .replayed(let commits) = try await replay.replay(state.owed.map(\.revert), on: reading.head) else {
      return
    }
    guard let head = commits.last?.landed else { return }
    reading.head = head
    let rendering = try await maker.render(git.commit(head).tree, trusting: state.newest?.digest)
    guard case .rendered(let tree, _) = rendering else {
      return
    }
    let digest = try tree.content
    if let fault = try await refusal(of: digest, onto: reading.report.remote, state) { return reading.refuse(fault) }
    let deployed = state.deployed?.release
    reading.report.candidate = ReleaseReference(
      number: nil, revision: try head.content, digest: digest,
      restores: deployed?.digest == digest ? deployed?.restores ?? deployed?.number : nil)
  }
  /// Why the remote's head with our reverts on it isn't deployed: it is another tree than one that ran, and so brings
  /// commits of others along, which don't verify.
  private func refusal(of digest: ReleaseDigest, onto tip: Revision, _ state: EnvironmentState) async throws -> Fault? {
    guard verification.policy.mode == .required, !state.hasRun(digest) else { return nil }
    let signature = try await verification.signature(of: tip.object, digest: nil, state, sinceDeployed: true)
    guard !verification.admits(signature) else { return nil }
    return verification.fault("the revert stands on \(tip.short), which is \(signature), and is not deployed")
  }
}

extension HeadReader.Reading {
  fileprivate mutating func refuse(_ fault: Fault) {
    report.refusal = fault
    unverified = fault
  }
}
