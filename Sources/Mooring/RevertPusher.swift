import Git
import MooringModel

/// Brings owed reverts to the remote branch: as they are, or replayed on what the branch has become.
struct RevertPusher {
  /// How often a lost race is run again.
  static let attempts = 5

  let repository: TrackedRepository
  /// Where replayed reverts are remembered as ours; nil where nobody asks.
  let own: OwnReverts?
  let secrets: SecretRules
  let signer: CommitSigner?

  enum Outcome {
    case landed([RevertPushed])
    case owed([RevertOwed])
    /// The branch takes no pushes of ours: it is protected, or a hook refused.
    case refused([RevertOwed])
    case conflict(Fault)
  }

  func push(_ owed: [OwedRevert]) async throws -> Outcome {
    guard !owed.isEmpty else { return .landed([]) }
    do {
      for _ in 0..<Self.attempts {
        if let outcome = try await attempt(owed) { return outcome }
        try await repository.fetch()
      }
    } catch let fault as Fault {
      return .owed(notices(owed, fault.what))
    }
    return .owed(notices(owed, "the branch moved \(Self.attempts) times while it was pushed"))
  }

  /// `nil` when somebody else was quicker.
  private func attempt(_ owed: [OwedRevert]) async throws -> Outcome? {
    let tip = try repository.tip()
    let replayed: [Replay.Replayed]
    let replay = Replay(repository: repository.git, secrets: secrets, signer: signer)
    switch try await replay.replay(owed.map(\.revert), on: tip) {
    case .replayed(let commits): replayed = commits
    case .conflicts(let conflicts):
      return .conflict(Self.conflict(conflicts))
    }
    guard let head = replayed.last?.landed else { return .landed([]) }
    if head != tip {
      try remember(replayed, on: tip)
      let update = TransferRequest.Update(
        commit: head.hex, reference: repository.configuration.branchReference, expecting: tip.hex)
      switch try await repository.push([update]).first?.outcome {
      case .pushed: break
      case .moved: return nil
      case .refused(let reason): return .refused(notices(owed, reason))
      case nil: return .owed(notices(owed, "the remote said nothing about the branch"))
      }
      try repository.advance(to: head)
    }
    return .landed(
      try zip(owed, replayed).map { owed, commit in
        RevertPushed(
          rollback: owed.rollback, commit: owed.revert.commit, landed: try commit.landed.content)
      })
  }

  static func conflict(_ conflicts: [RevertConflict]) -> Fault {
    Fault(
      .conflict,
      "the branch has become something that the revert conflicts with:\n"
        + RevertConflictTable(conflicts: conflicts).text,
      remedy: "revert by hand and push, then `mooring resume`")
  }

  /// Before they are pushed: whatever of them is found on the branch later is known.
  private func remember(_ replayed: [Replay.Replayed], on tip: ObjectID) throws {
    var base = tip
    for commit in replayed {
      // Where the branch has undone it by itself, what it has is somebody else's commit.
      if commit.landed != base, commit.landed != commit.original { try own?.remember(commit.landed) }
      base = commit.landed
    }
  }

  private func notices(_ owed: [OwedRevert], _ why: String) -> [RevertOwed] {
    owed.map { RevertOwed(rollback: $0.rollback, commit: $0.revert.commit, why: why) }
  }
}
