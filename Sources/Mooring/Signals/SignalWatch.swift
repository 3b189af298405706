import Logging
import MooringJournal
import MooringModel

/// Asks an environment's HTTP gates now and then, so that something is known of the time before a rollback; and judges
/// rollbacks that nobody else has judged.
struct SignalWatch {
  /// How much longer than a command the watcher waits: whoever asked for the rollback should say whether it helped.
  static let grace = Duration.seconds(5)

  @Boxed var workspace: Workspace
  let context: EnvironmentContext
  let logger: Logger
  let recorded: @Sendable () -> Void

  private var policy: VerdictPolicy { context.configuration.signals.verdict }
  private var note: NoteFile<GateSamples> { Self.note(of: context) }

  static func note(of context: EnvironmentContext) -> NoteFile<GateSamples> {
    NoteFile(path: context.state.samplesPath(context.name))
  }

  /// Whether there is anything to measure.
  static func isNeeded(_ context: EnvironmentContext) -> Bool {
    !context.configuration.signals.signals.isEmpty || !GateSampler.gates(of: context, withReadiness: true).isEmpty
  }

  /// Watches until the task is cancelled.
  func run() async {
    guard Self.isNeeded(context) else { return }
    var samples = note.last ?? GateSamples()
    samples.keep(only: Set(context.configuration.gates.map(\.name)))
    var said: String?
    while !Task.isCancelled {
      do {
        let unjudged = try context.head().state.unjudged
        samples = try await inItsOwnTask { [samples] in try await sampled(samples, withReadiness: unjudged != nil) }
        if let unjudged { try await inItsOwnTask { [samples] in try await judge(unjudged, by: samples) } }
        said = nil
        try await context.time.sleep(unjudged == nil ? policy.sample : min(policy.sample, policy.step))
      } catch is CancellationError {
        return
      } catch {
        if said != "\(error)" {
          logger.warning("signals not judged", metadata: ["environment": "\(context.name)", "error": "\(error)"])
        }
        said = "\(error)"
        do { try await context.time.sleep(policy.sample) } catch { return }
      }
    }
  }

  private func sampled(_ before: GateSamples, withReadiness: Bool) async throws -> GateSamples {
    var samples = before
    try await GateSampler(context: context).sample(withReadiness: withReadiness, into: &samples)
    if !samples.gates.isEmpty { note.write(samples) }
    return samples
  }

  private func judge(_ unjudged: UnjudgedRollback, by samples: GateSamples) async throws {
    let end = VerdictWindows(of: unjudged, policy).after.until
    guard context.time.now() >= end.advanced(by: Self.grace) else { return }
    let given = try await VerdictMaker(workspace: workspace, context: context).judge(unjudged, by: samples)
    _ = try await EnvironmentLoop(context).record(.verdict(given), by: .watcher)
    recorded()
  }
}
