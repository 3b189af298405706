import Git
import Logging
import MooringJournal
import MooringModel
import Readiness
import Registries

/// Keeps the answer to "could we go back right now?" current: after every release, and every so often. Records what the
/// images of a release are when it is made, and tells when the answer turns red.
struct ReadinessWatch: Sendable {
  /// Events among which the last alert is looked for.
  private static let events = 500

  let context: EnvironmentContext
  let loop: EnvironmentLoop
  let registries: [RegistryAccess]
  let logger: Logger
  /// Called after something was recorded.
  let recorded: @Sendable () -> Void

  /// Looks until the task is cancelled.
  ///
  /// - Parameter settled: Tells that the branch was read.
  func run(_ settled: AsyncStream<Void>) async {
    let pause = context.configuration.readiness.every
    guard pause != nil || !registries.isEmpty else { return }
    let (wakes, wake) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingNewest(1))
    await withDiscardingTaskGroup { group in
      group.addTask { for await _ in settled { wake.yield(false) } }
      if let pause {
        group.addTask {
          while !Task.isCancelled {
            wake.yield(true)
            do { try await context.time.sleep(pause) } catch { return }
          }
        }
      }
      var seen: [ReleaseDigest?]?
      for await isDue in wakes {
        do {
          let head = try context.head()
          guard context.isOwner(head.state) else { continue }
          let releases = [head.state.newest?.digest, head.state.deployed?.release.digest]
          guard isDue || releases != seen else { continue }
          seen = releases
          try await inItsOwnTask { try await look(head.state) }
        } catch is CancellationError {
          return
        } catch {
          logger.warning("readiness isn't known", metadata: ["environment": "\(context.name)", "error": "\(error)"])
        }
      }
    }
  }

  private func look(_ state: EnvironmentState) async throws {
    try await RegistryClient.asking(registries) { client in
      try await record(state, client)
      if context.configuration.readiness.every != nil { try await tell(context.readiness(asking: client)) }
    }
  }

  /// The digests of the tags of what was released last, and of what runs, where the journal doesn't have them.
  private func record(_ state: EnvironmentState, _ client: RegistryClient) async throws {
    let git = context.repository.git
    let known = StandingReader.recorded(try context.events(limit: StandingReader.events))
    for digest in Set([state.newest?.digest, state.deployed?.release.digest].compactMap { $0 }) {
      guard git.contains(try digest.object) else { continue }
      let tags = try ReleaseImages.all(in: StoredRelease(digest, in: git)).map(\.reference).filter {
        $0.digest == nil && known[digest]?[$0.description] == nil
      }
      var lookup = ImageLookup(client)
      try await lookup.ask(tags)
      let images = Dictionary(
        tags.compactMap { tag in lookup.digest(of: tag).map { (tag.description, $0) } }
      ) { first, _ in first }
      guard !images.isEmpty else { continue }
      _ = try await loop.record(.artifacts(Artifacts(release: digest, images: images)), by: .watcher)
      recorded()
    }
  }

  /// Says it once, until the answer is another one; and when all is well again, so that the next time is told too.
  private func tell(_ answer: ReadinessAnswer) async throws {
    guard !answer.targets.isEmpty else { return }
    let said = try context.events(limit: Self.events).lazy.compactMap(Self.told).first
    let message = (answer.isReady ? Self.green : Self.red) + answer.line
    guard said != message, !answer.isReady || said?.hasPrefix(Self.red) == true else { return }
    _ = try await loop.record(answer.isReady ? .note(message) : .alert(message), by: .watcher)
    recorded()
  }

  private static func told(_ event: Event) -> String? {
    switch event.payload {
    case .alert(let alert) where alert.message.hasPrefix(red): alert.message
    case .note(let note) where event.initiator.kind != .person && note.text.hasPrefix(green): note.text
    default: nil
    }
  }

  private static let red = "not ready to go back: "
  private static let green = "ready to go back again: "
}
