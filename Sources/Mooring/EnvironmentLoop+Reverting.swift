import Git
import MooringJournal
import MooringModel

/// Reverts: made, brought to the branch, and what was made for them put away.
extension EnvironmentLoop {
  func revert(_ request: RevertRequest) async throws -> [Fact] {
    let id = Identifier(at: now)
    do {
      let reading = try await context.headReader.read(head.state, asked: nil)
      let mayDeploy = context.configuration.policy.automatic && !head.state.isHeld
      if request.automatic, mayDeploy, reading.unverified == nil, !reading.report.releases.isEmpty {
        // The fix behind a failing release may be there already: it takes over, and nothing reverts it.
        return try await take(reading)
      }
      try await context.admit(request, on: reading, head.state)
      var made = try await context.revertMaker.make(request, id: id, on: reading.head, head.state, at: now)
      if request.isRehearsal { return [.reverted(made.revert)] }
      try await made.sign(by: context.configuration.signer, in: context.repository.git)
      if let from = made.revert.from?.digest, from != made.revert.to.digest {
        made.revert.change = try context.quarantine.change(of: from, against: made.revert.to.digest)
      }
      if let commit = made.revert.revert?.commit, context.configuration.verification.mode != .off {
        try context.ownReverts.remember(commit.object)
      }
      rollbackObjects[id] = made.objects
      return [.reverted(made.revert)]
    } catch {
      return [.notReverted(request, id, try fault(error))]
    }
  }

  func push() async throws -> [Fact] {
    let owed = head.state.owed
    let proposals = context.configuration.pullRequests.map { PullRequestPusher(context, $0) }
    if let proposals, !owed.isEmpty, proposals.options.when == .always || owed.last?.request != nil {
      return try await proposals.push(owed)
    }
    let pusher = RevertPusher(
      repository: context.repository, own: context.configuration.verification.mode == .off ? nil : context.ownReverts,
      secrets: context.configuration.secrets, signer: context.configuration.signer)
    switch try await pusher.push(owed) {
    case .landed(let pushed): return [.pushed(pushed)]
    case .owed(let owed): return [.notPushed(owed)]
    case .refused(let refused): return try await proposals?.push(owed) ?? [.notPushed(refused)]
    case .conflict(let fault): return [.replayConflict(fault)]
    }
  }

  func settle(_ needless: [NeedlessRequest]) async throws -> [RequestSettled] {
    guard let options = context.configuration.pullRequests else {
      return needless.map { RequestSettled($0, problem: "it is left as it is: reverts go by pull requests no longer") }
    }
    return try await PullRequestCloser(context, options).close(needless)
  }
}
