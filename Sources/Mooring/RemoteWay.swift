import FoundationEssentials
import Git
import GitRemotes

/// The way to a remote: files where it is on this machine, and a channel where it is on another.
struct RemoteWay {
  private let text: String
  private let url: RemoteURL
  private let access: RemoteAccess
  private let token: RemoteSecret?

  /// Reads the token, afresh for each transfer, so that one that was replaced is used at once.
  init(_ request: TransferRequest, token: RemoteSecret?) throws(RemoteError) {
    text = request.url
    access = request.access
    url = try RemoteURL(request.url, allowHTTP: access.allowHTTP)
    guard token == nil, let place = access.token else {
      self.token = token
      return
    }
    self.token = try place.read(environment: ProcessInfo.processInfo.environment)
  }

  func fetch(
    into repository: Repository, refspecs: [String], progress: @escaping @Sendable (TransferProgress) -> Void
  ) async throws -> FetchOutcome {
    guard url.isNetwork else {
      return try Remote.fetch(into: repository, from: text, refspecs: refspecs, progress: progress)
    }
    return try await NetworkRemote.fetch(
      into: repository, over: channel(.uploadPack), refspecs: refspecs,
      again: { () throws(RemoteError) in try channel(.uploadPack) }, progress: progress)
  }

  func push(from repository: Repository, updates: [PushUpdate]) async throws -> PushOutcome {
    guard url.isNetwork else { return try Remote.push(from: repository, to: text, updates: updates) }
    return try await NetworkRemote.push(
      from: repository, over: channel(.receivePack), updates: updates, look: { try channel(.uploadPack) })
  }

  private func channel(_ service: SmartService) throws(RemoteError) -> any SmartChannel {
    if url.scheme == .ssh { return try SSHChannel(to: url, for: service, access: access) }
    return try HTTPChannel(to: url, for: service, access: access, token: token)
  }
}
