import Logging
import MooringJournal
import MooringModel
import Registries

/// Drills an environment whose drills are scheduled when its configuration says so.
struct DrillWatch: Sendable {
  /// How often it looks whether a drill is due, besides after the branch was read.
  private static let look = Duration.seconds(10)
  /// How long to wait after a drill that wasn't made, or didn't succeed.
  private static let patience = Duration.seconds(60)

  static let initiator = Initiator(kind: .schedule, name: "mooring")

  let context: EnvironmentContext
  let loop: EnvironmentLoop
  let registries: [RegistryAccess]
  let logger: Logger
  /// Called after something was recorded.
  let recorded: @Sendable () -> Void

  private var policy: DrillPolicy { context.configuration.policy.drills }

  /// Watches until the task is cancelled.
  ///
  /// - Parameter settled: Tells that the branch was read.
  func run(_ settled: AsyncStream<Void>) async {
    let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    await withDiscardingTaskGroup { group in
      group.addTask { for await _ in settled { wake.yield() } }
      group.addTask {
        while !Task.isCancelled {
          wake.yield()
          do { try await context.time.sleep(Self.look) } catch { return }
        }
      }
      var (notBefore, said): (Timestamp?, String?) = (nil, nil)
      for await _ in wakes {
        if let notBefore, context.time.now() < notBefore { continue }
        do {
          guard let problem = try await inItsOwnTask(drillIfDue) else {
            (notBefore, said) = (nil, nil)
            continue
          }
          if said != problem { logger.warning("no drill: \(problem)", metadata: ["environment": "\(context.name)"]) }
          said = problem
        } catch is CancellationError {
          return
        } catch {
          logger.warning("no drill", metadata: ["environment": "\(context.name)", "error": "\(error)"])
        }
        notBefore = context.time.now().advanced(by: Self.patience)
      }
    }
  }

  /// - Returns: Why a drill that is due wasn't made; `nil` where it was, or none is due.
  private func drillIfDue() async throws -> String? {
    let state = try context.head().state
    guard context.isOwner(state), state.isAtRest, let due = policy.due(in: state), due <= context.time.now() else {
      return nil
    }
    let report = try await loop.drill(DrillRequest(by: Self.initiator), asking: registries)
    if !report.events.isEmpty { recorded() }
    return report.refusals.first?.description
  }
}
