public import Git

extension NetworkRemote {
  /// Moves references of a remote to objects of `repository`, each by itself and only from where it is expected to be.
  ///
  /// Works as `Remote.push` does, but that the remote's hooks run, and that it is the remote who compares and swaps. Never
  /// forced: an update whose expected commit isn't an ancestor of the new one is refused. The reason of a refusal carries
  /// what the remote's hooks said.
  ///
  /// - Parameters:
  ///   - channel: To the service `git-receive-pack`.
  ///   - look: Makes a channel to the service `git-upload-pack`, by which it is seen whether a reference was refused
  ///     because somebody has moved it since the greeting. Without it that is a refusal like others.
  /// - Throws: `RemoteError`; when it is `unreachable`, references may have moved all the same. `GitError` for what fails
  ///   in `repository`. What concerns one reference is its result.
  public static func push(
    from repository: Repository, over channel: any SmartChannel, updates: [PushUpdate],
    limits: WireLimits = WireLimits(), look: (@Sendable () async throws -> any SmartChannel)? = nil
  ) async throws -> PushOutcome {
    let outcome: PushOutcome
    do {
      let conversation = try await RemoteConversation(over: channel, limits: limits)
      let local = LocalSide(repository, limits: limits.pack) { _ in }
      outcome = try await NetworkPush(conversation, local, updates).run()
      await channel.close()
    } catch {
      await channel.close()
      throw error
    }
    guard let look, outcome.results.contains(where: \.isRefused) else { return outcome }
    let names = updates.map(\.name).filter { $0.hasPrefix("refs/") }
    let heads = try await heads(over: look(), prefixes: names, limits: limits)
    return outcome.corrected(by: heads, updates)
  }
}

extension PushOutcome {
  /// A refusal of what has moved meanwhile is no refusal.
  fileprivate func corrected(by heads: RemoteReferences, _ updates: [PushUpdate]) -> PushOutcome {
    var corrected = self
    for (index, update) in updates.enumerated() where results[index].isRefused {
      let current = heads[update.name]
      if current == update.local { corrected.results[index].result = .pushed }
      if current != update.local && current != update.expecting { corrected.results[index].result = .moved(current) }
    }
    return corrected
  }
}

extension PushOutcome.Entry {
  fileprivate var isRefused: Bool {
    if case .refused = result { true } else { false }
  }
}
