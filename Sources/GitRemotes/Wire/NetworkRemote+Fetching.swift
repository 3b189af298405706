public import Git

extension NetworkRemote {
  /// Brings the references that `refspecs` name, and every object that they need, into `repository`.
  ///
  /// Works as `Remote.fetch` does: objects are durable and complete before references move, one by one. Where nothing is
  /// new nothing is asked for but the references. A first fetch comes in slices, each durable by itself: after a break the
  /// next call goes on behind the last whole one. `heads` of the outcome are those that the refspecs may name.
  ///
  /// - Parameters:
  ///   - channel: To the service `git-upload-pack`.
  ///   - again: Makes another such channel: a slice needs one of its own, unless requests stand alone. Without it
  ///     everything then comes at once, and after a break from the beginning.
  ///   - progress: Called from threads of the fetch, for each slice from the start.
  /// - Throws: `RemoteError`; `GitError` for what fails in `repository`, `conflict` among it when somebody moved one of
  ///   its references meanwhile.
  public static func fetch(
    into repository: Repository, over channel: any SmartChannel, refspecs: [String], prune: Bool = false,
    limits: WireLimits = WireLimits(), again: (@Sendable () async throws(RemoteError) -> any SmartChannel)? = nil,
    progress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
  ) async throws -> FetchOutcome {
    let specs = try refspecs.map { (text) throws(GitError) in try Refspec(text) }
    let local = LocalSide(repository, limits: limits.pack, progress: progress)
    var fetch = NetworkFetch(try await .begin(over: channel, limits: limits), local, specs, again: again)
    do {
      let outcome = try await fetch.run(prune: prune)
      await fetch.close()
      return outcome
    } catch {
      await fetch.close()
      throw error
    }
  }
}
