import Git
public import MooringJournal
public import MooringModel

/// How a person names a release: `v41`, a moment in production, a commit, or what runs now.
public enum ReleaseSelector: Sendable, Hashable {
  case deployed
  case newest
  case number(ReleaseNumber)
  case moment(Timestamp)
  /// A full commit id, or its first seven digits and more.
  case revision(String)

  /// - Throws: `Fault` of code `.usage`.
  public init(parsing text: String) throws {
    if let number = ReleaseNumber(parsing: text), text.hasPrefix("v") {
      self = .number(number)
    } else if text == "deployed" || text == "newest" {
      self = text == "deployed" ? .deployed : .newest
    } else if let time = Timestamp(parsing: text) ?? Timestamp(day: text) {
      self = .moment(time)
    } else if (7...40).contains(text.utf8.count),
      text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    {
      self = .revision(text)
    } else {
      throw Fault(
        .usage, "not a release: \(text.prefix(80).debugDescription)",
        remedy: "name it as v41, deployed, newest, a time such as 2026-03-01T09:00:00Z or 2026-03-01, or a commit")
    }
  }
}

extension EnvironmentContext {
  /// The release that a selector names, rendered where it never was.
  public func release(_ selector: ReleaseSelector) async throws -> ReleaseReference {
    let state = try head().state
    switch selector {
    case .deployed:
      guard let deployed = state.deployed else { throw nothing("has deployed nothing yet") }
      return deployed.release
    case .newest:
      guard let newest = state.newest else { throw nothing("has no releases yet") }
      return try await reference(to: newest.number)
    case .number(let number): return try await reference(to: number)
    case .moment(let moment): return try deployed(at: moment)
    case .revision(let prefix): return try await reference(to: release(of: prefix).number)
    }
  }

  /// The release that a commit made; the commit by its full id or an unambiguous beginning.
  public func release(of prefix: String) throws -> ReleaseSummary {
    let matches = try allReleases().filter { $0.revision.hex.hasPrefix(prefix) }
    guard let first = matches.first, Set(matches.map(\.revision)).count == 1 else {
      throw Fault(
        .notFound, "\(matches.isEmpty ? "no" : "more than one") release of \(name) comes from commit \(prefix)",
        remedy: "`mooring releases \(name)` lists them")
    }
    return first
  }

  /// Newest first. Counts history again where the index was deleted.
  public func allReleases(limit: Int? = nil) throws -> [ReleaseSummary] {
    try countReleases(of: head().state)
    return try journal.releases.releases(of: name, limit: limit)
  }

  /// Counts history again where the index was deleted.
  func countReleases(of state: EnvironmentState) throws {
    if let catalogue = state.catalogue, try journal.releases.count(of: name) < catalogue.count {
      try headReader.recount(catalogue)
    }
  }

  /// Who signed the commit of a release; `nil` where nobody asked.
  public func signature(of number: ReleaseNumber) throws -> ReleaseSignature? {
    try journal.releases.release(number, of: name)?.signature
  }

  func reference(to number: ReleaseNumber) async throws -> ReleaseReference {
    _ = try allReleases(limit: 1)
    guard let summary = try journal.releases.release(number, of: name) else {
      let newest = try allReleases(limit: 1).first.map { ", of which \($0.number) is the newest" } ?? ""
      throw Fault(
        .notFound, "\(name) has no release \(number)", remedy: "`mooring releases \(name)` lists them\(newest)")
    }
    if let digest = summary.digest {
      return ReleaseReference(number: number, revision: summary.revision, digest: digest)
    }
    let commit = try repository.git.commit(summary.revision.object)
    switch try await rendering.maker(mailmap: Mailmap()).render(commit.tree, trusting: nil) {
    case .rendered(let tree, _):
      return ReleaseReference(number: number, revision: summary.revision, digest: try tree.content)
    case .refused(let fault): throw fault
    }
  }

  private func nothing(_ what: String) -> Fault {
    Fault(.notFound, "\(name) \(what)", remedy: "`mooring sync \(name)` fetches and deploys")
  }
}
