import Git
import MooringJournal
public import MooringModel

/// Where a person wants to go back to.
public enum RollbackChoice: Sendable, Hashable {
  /// To the last verified release before the one that runs.
  case previous
  case release(ReleaseNumber)
  /// Undo one commit: its full id, or an unambiguous beginning.
  case commit(String)
}

/// What a rollback would do, before it does anything.
public struct RollbackPreview: Sendable {
  public var from: ReleaseReference?
  public var to: ReleaseReference
  public var undone: [Revision]
  public var ranBefore: Bool
  public var changes: [ReleaseChange]
}

extension EnvironmentContext {
  /// The request that a choice means.
  ///
  /// - Throws: `Fault` where there is nothing to go back to.
  public func revertRequest(
    _ choice: RollbackChoice, reason: String, by initiator: Initiator, includeShared: Bool
  ) async throws -> RevertRequest {
    let scope: RevertRequest.Scope =
      switch choice {
      case .previous: .release(try previous())
      case .release(let number): .release(try await reference(to: number))
      case .commit(let id): .commit(try revision(id))
      }
    return RevertRequest(
      scope: scope, reason: reason, automatic: false, initiator: initiator, includeShared: includeShared)
  }

  private func previous() throws -> ReleaseReference {
    let state = try head().state
    guard let previous = state.previous else {
      throw Fault(
        .notFound, "\(name) has no verified release to go back to",
        remedy: "name one of `mooring releases \(name)` with --to")
    }
    return previous.release
  }

  private func revision(_ text: String) throws -> Revision {
    if let id = Revision(hex: text) { return id }
    return try release(of: text).revision
  }

  /// Makes the revert in memory, records nothing, and says what it would change.
  public func preview(_ request: RevertRequest) async throws -> RollbackPreview {
    let state = try head().state
    let reading = try await headReader.read(state, asked: nil)
    try await admit(request, on: reading, state)
    let made = try await revertMaker.make(
      request, id: Identifier(at: time.now()), on: reading.head, state, at: time.now()
    ).revert
    return RollbackPreview(
      from: made.from, to: made.to, undone: made.undone, ranBefore: made.ranBefore,
      changes: try difference(from: state.deployed?.release.digest, to: made.to.digest))
  }
}
