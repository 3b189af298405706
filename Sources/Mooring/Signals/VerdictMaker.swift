import MooringJournal
import MooringModel

/// Finds out whether a rollback helped: asks for the signals of the time around it, and judges.
struct VerdictMaker {
  let workspace: Workspace
  let context: EnvironmentContext

  private var configuration: SignalsConfiguration { context.configuration.signals }

  /// - Parameter samples: What the gates said before and after.
  func judge(_ rollback: UnjudgedRollback, by samples: GateSamples) async throws -> VerdictGiven {
    let windows = VerdictWindows(of: rollback, configuration.verdict)
    let events = try context.events(limit: VerdictGiven.mostEvents)
    let during = events.prefix { $0.time >= windows.whole.since }
    let all = samples.joined(with: GateSamples(from: during.reversed(), asking: context.configuration.gates))
    let signals = try await measured(in: windows.whole) + all.signals(in: windows.whole)
    return VerdictGiven(
      on: rollback, by: signals, configuration.verdict, meanwhile: try others(rollback, in: windows.whole))
  }

  /// What the Prometheus servers have of that time; a server that can't say is told with its signal.
  private func measured(in whole: Window) async throws -> [Signal] {
    try await withThrowingTaskGroup(of: (Int, Signal).self) { group in
      for (index, one) in configuration.signals.enumerated() {
        group.addTask { (index, try await measured(one, in: whole)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func measured(_ one: SignalConfiguration, in whole: Window) async throws -> Signal {
    var signal = Signal(name: one.name, source: .prometheus, better: one.better, leastChange: one.leastChange)
    do {
      signal.samples = try await PrometheusClient(query: one.query).values(in: whole, every: configuration.verdict.step)
    } catch let fault as Fault {
      signal.problem = fault.description
    }
    return signal
  }

  /// What else changed at that time, in all environments of this configuration, oldest first.
  private func others(_ rollback: UnjudgedRollback, in whole: Window) throws -> [OtherChange] {
    var changes: [OtherChange] = []
    for name in workspace.environmentNames {
      let other = try workspace.environment(name)
      let isItself = name == context.name
      let shared =
        isItself || other.configuration.repository != context.configuration.repository
        ? [] : OtherChange.shared(context.configuration.definition.paths, other.configuration.definition.paths)
      let events = try other.events(limit: VerdictGiven.mostEvents).filter {
        $0.time >= whole.since && $0.time < whole.until
      }
      for event in events where OtherChange.isOne(event, besides: rollback.rollback, ofItself: isItself) {
        changes.append(
          OtherChange(
            at: event.time, environment: name, what: EventMessage(event).headline,
            sharedInputs: shared.isEmpty ? nil : shared))
      }
    }
    return changes.sorted { $0.at < $1.at }
  }
}

extension VerdictGiven {
  /// Newest events of an environment that are looked through for what else changed.
  static let mostEvents = 1_000
}
