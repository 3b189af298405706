import FoundationEssentials
import Git
import Logging
import MooringJournal
public import MooringModel

/// Has an environment's journal time-stamped, and writes that into it.
struct JournalAnchoring: Sendable {
  let context: EnvironmentContext
  let configuration: JournalTimestamps

  /// When the next time-stamp is due.
  func due() throws -> Timestamp {
    let state = try context.head().state
    return state.anchored?.advanced(by: configuration.every) ?? context.time.now()
  }

  /// - Returns: `nil` where there is nothing new since the last one, or where another state directory writes the journal.
  func anchor(by initiator: Initiator) async throws -> Anchored? {
    let head = try context.head()
    guard let commit = head.commit, context.isOwner(head.state), head.state.lastEvent != head.state.anchored else {
      return nil
    }
    let authority = TimestampAuthority(configuration: configuration)
    let digest = try TimestampAuthority.digest(of: commit, in: context.repository.git)
    let (token, time) = try await authority.stamp(digest)
    let anchored = Anchored(
      head: try commit.content, digest: digest, time: time, by: authority.host,
      token: Data(token).base64EncodedString())
    _ = try await EnvironmentLoop(context).record(.anchor(anchored), by: initiator)
    return anchored
  }
}

extension Workspace {
  /// Has the head of an environment's journal time-stamped now.
  ///
  /// - Returns: `nil` where there is nothing new since the last time-stamp.
  public func anchorJournal(of name: EnvironmentName, by initiator: Initiator) async throws -> Anchored? {
    guard let timestamps = configuration.journal.timestamps else {
      throw Fault(
        .configuration, "no time-stamping authority is configured", at: configuration.path,
        remedy: "name one with `journal: { timestamp: { url: …, authorities: … } }`")
    }
    return try await JournalAnchoring(context: environment(name), configuration: timestamps).anchor(by: initiator)
  }
}

extension Watcher {
  /// A request that failed is made again after this, or sooner.
  private static let anchorRetry = Duration.seconds(600)

  /// Has the journal time-stamped as often as it is configured, until the task is cancelled.
  func anchor(_ environment: EnvironmentContext, _ publish: @Sendable () -> Void) async {
    guard let timestamps = workspace.configuration.journal.timestamps else { return }
    let anchoring = JournalAnchoring(context: environment, configuration: timestamps)
    while !Task.isCancelled {
      var pause = min(timestamps.every, Self.anchorRetry)
      do {
        let wait = try anchoring.due() - workspace.time.now()
        if wait > .zero {
          pause = wait
        } else if try await anchoring.anchor(by: .schedule) != nil {
          publish()
          continue
        }
      } catch is CancellationError {
        return
      } catch {
        logger.warning(
          "journal not time-stamped", metadata: ["environment": "\(environment.name)", "error": "\(error)"])
      }
      do { try await workspace.time.sleep(pause) } catch { return }
    }
  }
}

extension Initiator {
  static let schedule = Initiator(kind: .schedule, name: "mooring")
}
