import FoundationEssentials
public import Git
import GitRemotes
import MooringModel

/// A repository's local bare copy, and the way to its remote.
public struct TrackedRepository: Sendable {
  public let name: String
  public let configuration: RepositoryConfiguration
  public let git: Repository
  /// Where journals are published.
  let journalURL: String
  private let journalAccess: RemoteAccess
  private let transfer: any Transfer

  /// Opens the local copy, or makes an empty one.
  init(
    _ name: String, _ configuration: RepositoryConfiguration, journal: JournalConfiguration, in state: StateDirectory,
    transfer: any Transfer
  ) throws {
    self.name = name
    self.configuration = configuration
    self.transfer = transfer
    journalURL = journal.repository ?? configuration.url
    journalAccess = journal.repository == nil ? configuration.access : journal.access
    let path = state.repositoryPath(name)
    do {
      git = try LocalRepository.open(at: path)
    } catch {
      throw Fault(
        .repository, "the local repository can't be opened: \(error)", at: path,
        remedy: "move it away: it is fetched again, and journals come back from the remote")
    }
  }

  /// The remote branch as it was last fetched.
  ///
  /// - Throws: `Fault` when there is none.
  public func tip() throws -> ObjectID {
    if let tip = try git.reference(configuration.trackingReference) { return tip }
    throw Fault(
      .repository, "the branch \(configuration.branch.debugDescription) was never fetched",
      at: Redaction.url(configuration.url), remedy: "see what `mooring status` says of the last fetch")
  }

  /// Whether the remote was ever reached, and had the branch.
  var wasFetched: Bool { (try? git.reference(configuration.trackingReference)) != nil }

  private var noBranch: Fault {
    Fault(
      .repository, "there is no branch \(configuration.branch.debugDescription)", at: Redaction.url(configuration.url),
      remedy: "push it, or name another with `branch` of the repository \(name.debugDescription)")
  }

  /// Fetches the branch. Nothing local changes where that fails.
  public func fetch(progress: @escaping @Sendable (TransferReply) -> Void = { _ in }) async throws {
    try await fetch([configuration.refspec], from: configuration.url, progress: progress)
  }

  /// Whether journals are kept in a repository of their own.
  var hasOwnJournal: Bool { journalURL != configuration.url }

  /// Fetches the branch and all journals.
  func fetchAll(progress: @escaping @Sendable (TransferReply) -> Void) async throws {
    let journals = "+refs/mooring/journal/*:\(JournalPublisher.prefix)*"
    if hasOwnJournal {
      try await fetch(progress: progress)
      try await fetch([journals], from: journalURL)
    } else {
      try await fetch([configuration.refspec, journals], from: configuration.url, progress: progress)
    }
  }

  func fetch(
    _ refspecs: [String], from url: String, progress: @escaping @Sendable (TransferReply) -> Void = { _ in }
  ) async throws {
    let request = TransferRequest(
      kind: .fetch, repository: git.path, url: url, access: access(to: url), refspecs: refspecs)
    let reply = try await transfer.carryOut(request, within: configuration.timeout, progress: progress)
    if case .missing(let names) = reply, names.contains(configuration.branchReference) { throw noBranch }
  }

  /// Fetches what may not be there.
  func transfer(_ refspecs: [String]) async throws -> TransferReply {
    let request = TransferRequest(
      kind: .fetch, repository: git.path, url: configuration.url, access: configuration.access, refspecs: refspecs)
    return try await transfer.carryOut(request, within: configuration.timeout) { _ in }
  }

  private func access(to url: String) -> RemoteAccess {
    url == configuration.url ? configuration.access : journalAccess
  }

  /// Pushes commits, each only if the remote's reference still is what is expected.
  func push(_ updates: [TransferRequest.Update], to url: String? = nil) async throws -> [PushResult] {
    let url = url ?? configuration.url
    let request = TransferRequest(
      kind: .push, repository: git.path, url: url, access: access(to: url), updates: updates)
    guard
      case .pushed(let results) = try await transfer.carryOut(
        request, within: configuration.timeout, progress: { _ in })
    else {
      throw Fault(
        .remote, "the transfer answered something else than it was asked", at: Redaction.url(configuration.url))
    }
    return results
  }

  /// Remembers what a successful push made of the remote branch.
  func advance(to commit: ObjectID) throws {
    try git.forceReference(configuration.trackingReference, to: commit, log: "mooring: pushed")
  }
}

extension ObjectID {
  var content: ContentID {
    get throws {
      guard let id = ContentID(bytes: bytes) else { throw Fault(.unexpected, "an object id of another length") }
      return id
    }
  }
}

extension ContentID {
  /// The same identity in Git's own type.
  var object: ObjectID {
    get throws {
      guard let id = ObjectID(bytes: bytes) else { throw Fault(.unexpected, "an object id of another length") }
      return id
    }
  }
}
