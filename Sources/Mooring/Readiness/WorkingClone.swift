import FoundationEssentials
public import Git
import MooringModel

/// The clone that somebody works in, as a pipeline has it: its objects and references, and nothing that Mooring keeps.
public struct WorkingClone: Sendable {
  public let git: Repository

  /// Finds the repository of a folder: the nearest one above it that has `.git`.
  ///
  /// - Throws: `Fault` of code `.repository`.
  public init(around folder: String) throws {
    var place = URL(filePath: folder).standardizedFileURL.path
    while place != "/" && !place.isEmpty {
      if FileManager.default.fileExists(atPath: place + "/.git") {
        git = try Self.open(place)
        return
      }
      place = DurableFolder.parent(of: place)
    }
    throw Fault(
      .repository, "no Git repository here or in a folder above", at: folder,
      remedy: "run it in a clone of the configuration repository")
  }

  private static func open(_ folder: String) throws -> Repository {
    do {
      return try Repository.open(cloneAt: folder)
    } catch {
      throw Fault(
        .repository, "the repository can't be opened: \(error.message)", at: folder,
        remedy: "where it is another user's, own it, or `git config --global --add safe.directory \(folder)`")
    }
  }

  /// The commit that a full id or a name of a branch, a tag or a reference says. Git's other ways to name one are not
  /// understood.
  public func commit(named name: String) throws -> ObjectID {
    if let id = ObjectID(hex: name) {
      if try git.kind(of: id) == .commit { return id }
      throw missing(name)
    }
    for place in ["", "refs/heads/", "refs/remotes/", "refs/remotes/origin/", "refs/tags/"] {
      guard place != "" || name == "HEAD" || name.hasPrefix("refs/") else { continue }
      do {
        if let id = try git.reference(place + name) { return try commit(behind: id, name) }
      } catch let error as GitError where error.code == .invalid {
        throw Fault(
          .usage, "not a commit's id or a reference's name: \(name.prefix(80).debugDescription)",
          remedy: "name it as main, v1.2, refs/heads/main, HEAD, or by all 40 digits")
      }
    }
    throw missing(name)
  }

  /// A tag with a message is an object of its own.
  private func commit(behind id: ObjectID, _ name: String) throws -> ObjectID {
    guard try git.kind(of: id) == .tag else { return id }
    throw Fault(
      .usage, "\(name) is a tag with a message", remedy: "name its commit: git rev-parse '\(name)^{commit}'")
  }

  private func missing(_ name: String) -> Fault {
    Fault(
      .notFound, "no commit is called \(name.prefix(80).debugDescription) here", at: git.path,
      remedy: "fetch it (a shallow clone lacks most), or name another one")
  }

  /// What a branch is, as far as the clone knows.
  public func tip(of branch: String) throws -> ObjectID? {
    try git.reference("refs/remotes/origin/" + branch) ?? git.reference("refs/heads/" + branch)
  }

  /// What a change is measured from where nobody says: where it left the tracked branch, or the commit before it.
  public func base(of head: ObjectID, branch: String) throws -> ObjectID? {
    if let tip = try tip(of: branch), let base = try git.mergeBase(head, tip), base != head { return base }
    return try git.commit(head).parents.first.flatMap { git.contains($0) ? $0 : nil }
  }
}
