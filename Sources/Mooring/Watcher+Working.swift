import MooringJournal
import MooringModel

extension Watcher {
  /// Works on an environment: always, or in turns with the watchers of other machines.
  func serve(
    _ environment: EnvironmentContext, _ wake: Wake, _ publish: @escaping @Sendable () -> Void
  ) async {
    guard let coordination = environment.coordination else { return await work(environment, wake.signals(), publish) }
    let tenure = Tenure(
      context: environment, coordination: coordination, pushesJournal: workspace.configuration.journal.push,
      logger: logger)
    await tenure.run {
      if environment.repository.wasFetched { wake.signal() }
      await work(environment, wake.signals(), publish)
    }
  }

  private func work(
    _ environment: EnvironmentContext, _ signals: AsyncStream<Void>, _ publish: @escaping @Sendable () -> Void
  ) async {
    let settled = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let read = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let drilling = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    await withDiscardingTaskGroup { group in
      group.addTask {
        await follow(environment, signals) {
          settled.continuation.yield()
          read.continuation.yield()
          drilling.continuation.yield()
          publish()
        }
      }
      group.addTask { await attend(environment, settled.stream, publish) }
      group.addTask {
        await ReadinessWatch(
          context: environment, loop: loop(environment), registries: workspace.configuration.registries,
          logger: logger, recorded: publish
        ).run(read.stream)
      }
      if environment.configuration.policy.drills.isScheduled {
        group.addTask {
          await DrillWatch(
            context: environment, loop: loop(environment), registries: workspace.configuration.registries,
            logger: logger, recorded: publish
          ).run(drilling.stream)
        }
      }
      group.addTask { await anchor(environment, publish) }
    }
  }

  private func attend(
    _ environment: EnvironmentContext, _ settled: AsyncStream<Void>, _ publish: @escaping @Sendable () -> Void
  ) async {
    // Whoever may not write the journal doesn't watch either: its owner does. Where the target coordinates that may be
    // this one as soon as it has caught up.
    guard await isOwner(of: environment, asking: settled) else { return }
    await withDiscardingTaskGroup { group in
      group.addTask {
        await DriftWatch(
          context: environment, loop: loop(environment), logger: logger, turns: turns, recorded: publish
        ).run()
      }
      group.addTask {
        await SignalWatch(workspace: workspace, context: environment, logger: logger, recorded: publish).run()
      }
    }
  }

  private func isOwner(of environment: EnvironmentContext, asking settled: AsyncStream<Void>) async -> Bool {
    let isOwner = { (try? environment.isOwner(environment.head().state)) ?? false }
    guard environment.coordination != nil else { return isOwner() }
    let note = ClaimNote(of: environment.name, in: environment.state)
    for await _ in settled where isOwner() && note.last?.behind == nil { return true }
    return false
  }
}
