import FoundationEssentials
import Git
public import GitRemotes
import MooringModel

/// Carries one transfer out in this process: what the child runs.
public struct TransferService: Transfer {
  public init() {}

  public func carryOut(
    _ request: TransferRequest, within limit: Duration, progress: @escaping @Sendable (TransferReply) -> Void
  ) async throws -> TransferReply {
    try await answer(request, progress: progress).checked(of: request)
  }

  /// Never throws: what goes wrong is an answer too.
  ///
  /// - Parameter token: What was handed over beside the request; otherwise it is read from its place.
  public func answer(
    _ request: TransferRequest, token: RemoteSecret? = nil, progress: @escaping @Sendable (TransferReply) -> Void
  ) async -> TransferReply {
    do {
      let repository = try Repository.open(bareAt: request.repository)
      let way = try RemoteWay(request, token: token)
      switch request.kind {
      case .fetch:
        let outcome = try await way.fetch(into: repository, refspecs: request.refspecs) {
          progress(.progress(received: $0.doneObjects, total: $0.totalObjects, bytes: $0.bytes))
        }
        try forgetVanishedJournals(outcome, in: repository)
        return outcome.missing.isEmpty ? .fetched : .missing(outcome.missing)
      case .push: return try await .pushed(push(request, over: way, from: repository))
      }
    } catch {
      return .failed("\(error)", isRemote: true)
    }
  }

  /// What the remote no longer has is to be pushed again: it may have been restored from a copy.
  private func forgetVanishedJournals(_ outcome: FetchOutcome, in repository: Repository) throws {
    for update in outcome.updates where update.kind == .vanished && update.name.hasPrefix(JournalPublisher.prefix) {
      guard let old = update.old else { continue }
      try repository.deleteReference(update.name, expecting: old)
    }
  }

  private func push(
    _ request: TransferRequest, over way: RemoteWay, from repository: Repository
  ) async throws -> [PushResult] {
    let updates = try request.updates.map { update in
      guard let commit = ObjectID(hex: update.commit) else {
        throw Fault(.usage, "not a full object id: \(update.commit.debugDescription)")
      }
      return PushUpdate(
        local: commit, name: update.reference, expecting: update.expecting.flatMap { ObjectID(hex: $0) })
    }
    return try await way.push(from: repository, updates: updates).results.map { result in
      let outcome: PushResult.Outcome =
        switch result.result {
        case .pushed: .pushed
        case .moved: .moved
        case .refused(let reason): .refused(reason)
        }
      return PushResult(reference: result.name, outcome: outcome)
    }
  }
}
