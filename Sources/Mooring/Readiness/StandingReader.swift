import Git
import MooringJournal
import MooringModel
public import Readiness
public import Registries

/// Finds out what is known of an environment's ways back.
struct StandingReader {
  /// How far back in the journal times and digests are looked for.
  static let events = 2_000
  /// Deployments whose times are taken together.
  private static let deployments = 5

  let context: EnvironmentContext
  let registries: RegistryClient

  private var git: Repository { context.repository.git }
  private var policy: ReadinessPolicy { context.configuration.readiness }

  func standing() async throws -> Standing {
    let state = try context.head().state
    let events = try context.events(limit: Self.events)
    let releases = targets(state)
    var lookup = ImageLookup(registries)
    var images: [ReleaseDigest: [ReleaseImages.Named]] = [:]
    for release in releases where git.contains(try release.digest.object) {
      images[release.digest] = try ReleaseImages.all(in: StoredRelease(release.digest, in: git))
    }
    try await lookup.ask(images.values.flatMap { $0.map(\.reference) })
    let recorded = Self.recorded(events)
    var targets: [Standing.Target] = []
    for release in releases {
      targets.append(
        try await target(release, state, images[release.digest] ?? [], lookup, recorded[release.digest] ?? [:]))
    }
    return Standing(
      environment: context.name.string, deployed: state.deployed?.release.label, seconds: Self.seconds(events),
      targets: targets, backup: try await backup(state), unasked: unasked(images.values.flatMap { $0 }),
      rehearsal: try rehearsal(state))
  }

  /// The last drill here; where there was none, that in the environment whose drills count for this one.
  private func rehearsal(_ state: EnvironmentState) throws -> Standing.Rehearsal? {
    if let last = state.lastDrill { return Self.rehearsal(last, in: context.name) }
    guard let required = context.configuration.requiredDrill else { return nil }
    let theirs = try context.journal.head(of: required, in: git).state
    return theirs.lastDrill.map { Self.rehearsal($0, in: required) }
  }

  private static func rehearsal(_ drill: PastDrill, in environment: EnvironmentName) -> Standing.Rehearsal {
    Standing.Rehearsal(
      environment: environment.string, at: drill.at, seconds: drill.finished.milliseconds.map { Double($0) / 1000 },
      problem: problem(with: drill))
  }

  private static func problem(with drill: PastDrill) -> String? {
    guard !drill.isVerified else { return nil }
    let (finished, detail) = (drill.finished, drill.finished.detail.map { ": \($0)" } ?? "")
    guard finished.returned else { return "did not return\(detail)" }
    return (finished.outcome == .failed ? "" : "was ") + finished.outcome.rawValue + detail
  }

  /// Releases that ran and whose gates held, newest first, without what runs.
  private func targets(_ state: EnvironmentState) -> [ReleaseReference] {
    var seen = Set([state.deployed?.release.digest].compactMap { $0 })
    return Array(
      state.verified.reversed().map(\.release).filter {
        seen.insert($0.digest).inserted && state.quarantine.entry(blocking: $0.digest) == nil
      }.prefix(policy.retain))
  }

  private func target(
    _ release: ReleaseReference, _ state: EnvironmentState, _ images: [ReleaseImages.Named], _ lookup: ImageLookup,
    _ recorded: [String: String]
  ) async throws -> Standing.Target {
    let isStored = try isStored(release)
    return Standing.Target(
      label: release.label, isStored: isStored, revertProblem: try await revertProblem(release, state),
      images: images.compactMap { image in
        lookup.state(of: image.reference, recorded: recorded[image.reference.description]).map {
          Standing.Image(text: image.reference.description, place: image.place, state: $0)
        }
      },
      migrations: isStored ? try migrations(since: release, state) : [])
  }

  // MARK: One release

  private func isStored(_ release: ReleaseReference) throws -> Bool {
    guard git.contains(try release.digest.object) else { return false }
    do {
      return try StoredRelease(release.digest, in: git).files().allSatisfy { git.contains(try $0.content.object) }
    } catch let error as GitError where error.code == .notFound || error.code == .unreadable {
      return false
    }
  }

  /// Why a rollback to it couldn't be made: as it is made, on the branch's head with the reverts that are owed.
  private func revertProblem(_ release: ReleaseReference, _ state: EnvironmentState) async throws -> String? {
    do {
      let tip = try context.repository.tip()
      let replay = Replay(repository: git, secrets: context.configuration.secrets)
      switch try await replay.replay(state.owed.map(\.revert), on: tip) {
      case .conflicts(let conflicts):
        let files = Set(conflicts.map(\.file)).sorted().prefix(3).joined(separator: ", ")
        return "a revert that is owed no longer applies to what the branch is: \(files)"
      case .replayed(let commits):
        return try context.revertMaker.obstacle(to: release, on: commits.last?.landed ?? tip)?.what
      }
    } catch let error as GitError where error.code == .notFound {
      return "its commit isn't here any more"
    }
  }

  private func migrations(since release: ReleaseReference, _ state: EnvironmentState) throws -> [Finding] {
    guard let deployed = try state.deployed?.release.revision.object, git.contains(deployed),
      git.contains(try release.revision.object)
    else { return [] }
    do {
      return try ChangeReader(git: git, environment: context.configuration)
        .change(from: release.revision.object, to: deployed).breaking
    } catch let error as GitError where error.code == .notFound || error.code == .unreadable {
      let why =
        "the inputs of \(release.label) aren't whole in the repository: what migrations took away since isn't known"
      return [Finding(.releaseMissing, at: Place(), why)]
    }
  }

  // MARK: The environment

  /// Before what was released last and doesn't run yet.
  private func backup(_ state: EnvironmentState) async throws -> Standing.Backup? {
    guard let next = state.newest?.reference else { return nil }
    return try await context.backup(before: next, state)
  }

  private func unasked(_ images: [ReleaseImages.Named]) -> [String: Int] {
    Dictionary(
      grouping: Set(images.map(\.reference)).filter { !registries.knows($0.host) }, by: \.host
    ).mapValues(\.count)
  }

  /// The digests that tags had when they were released, by release.
  static func recorded(_ events: [Event]) -> [ReleaseDigest: [String: String]] {
    events.reversed().reduce(into: [:]) { recorded, event in
      guard case .artifacts(let artifacts) = event.payload else { return }
      recorded[artifacts.release, default: [:]].merge(artifacts.images) { first, _ in first }
    }
  }

  /// From the last rollbacks and drills, or where there were none, from the last deployments: the median.
  static func seconds(_ events: [Event]) -> Double? {
    let rollbacks = events.compactMap { event -> Double? in
      switch event.payload {
      case .rollbackFinished(let finished) where finished.outcome == .verified: Double(finished.milliseconds) / 1000
      case .drillFinished(let finished): finished.milliseconds.map { Double($0) / 1000 }
      default: nil
      }
    }
    var ended: [Identifier: Timestamp] = [:]
    var deployments: [Double] = []
    for event in events {
      switch event.payload {
      case .deploymentFinished(let finished) where finished.outcome == .verified:
        ended[finished.deployment] = event.time
      case .deploymentStarted(let started):
        if let end = ended[started.deployment] { deployments.append(Double((end - event.time).components.seconds)) }
      default: break
      }
    }
    let times = (rollbacks.isEmpty ? deployments : rollbacks).prefix(Self.deployments).sorted()
    return times.isEmpty ? nil : times[times.count / 2]
  }
}

extension EnvironmentContext {
  /// Whether one could go back right now, and to what.
  public func readiness(asking registries: RegistryClient) async throws -> ReadinessAnswer {
    let standing = try await StandingReader(context: self, registries: registries).standing()
    return ReadinessAnswer(standing) { configuration.readiness.judge($0, at: time.now()) }
  }
}
