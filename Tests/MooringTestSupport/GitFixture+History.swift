import Foundation
public import Git

extension GitFixture {
  /// Writes files into the working folder (nil deletes one) and commits everything there; returns the commit.
  ///
  /// Without a `date` the commit is one minute younger than HEAD's, so history has a definite order.
  @discardableResult
  public func commit(
    _ message: String = "Change", files: [String: String?] = [:], author: String = GitFixture.author,
    date: Int64? = nil, signedBy signer: Signer? = nil
  ) throws -> ObjectID {
    try write(files)
    try git("add", "--all", "--force", ".")
    let sign = signer == nil ? [] : ["-S"]
    return try record(
      (signer?.options ?? []) + ["commit", "--quiet", "--allow-empty", "-m", message] + sign, author: author,
      date: date, environment: signer?.environment ?? [:])
  }

  /// Writes files below the working folder, and deletes those that are nil.
  public func write(_ files: [String: String?]) throws {
    for (name, content) in files {
      let file = URL(fileURLWithPath: path).appendingPathComponent(name)
      guard let content else {
        try FileManager.default.removeItem(at: file)
        continue
      }
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content.utf8).write(to: file)
    }
  }

  /// Writes a commit object as it is given, which Git would not make, and points the branch to it.
  @discardableResult
  public func commit(object bytes: [UInt8]) throws -> ObjectID {
    let id = try git(["hash-object", "-w", "-t", "commit", "--literally", "--stdin"], input: bytes)
    try git("update-ref", "HEAD", id)
    return try self.id()
  }

  /// The bytes of a commit object.
  public func object(_ commit: ObjectID) throws -> [UInt8] { try tryGit(["cat-file", "commit", commit.hex]).output }

  /// Makes a branch at HEAD, or at `start`, and checks it out.
  public func branch(_ name: String, at start: String? = nil) throws {
    try git(["checkout", "--quiet", "-b", name] + (start.map { [$0] } ?? []))
  }

  public func checkout(_ name: String) throws {
    try git("checkout", "--quiet", name)
  }

  /// Merges a branch into the one that is checked out, always with a merge commit; returns it.
  @discardableResult
  public func merge(
    _ branch: String, message: String? = nil, date: Int64? = nil, signedBy signer: Signer? = nil
  ) throws -> ObjectID {
    let sign = signer == nil ? [] : ["-S"]
    return try record(
      (signer?.options ?? []) + ["merge", "--quiet", "--no-ff"] + sign
        + ["-m", message ?? "Merge branch '\(branch)'", branch], author: Self.author, date: date,
      environment: signer?.environment ?? [:])
  }

  /// What a name or revision means, by Git itself.
  public func id(_ revision: String = "HEAD") throws -> ObjectID {
    let text = try git("rev-parse", "--verify", revision)
    guard let id = ObjectID(hex: text) else {
      throw GitFailure(arguments: ["rev-parse", revision], status: 0, message: "printed \(text)")
    }
    return id
  }

  private func record(
    _ arguments: [String], author: String, date: Int64?, environment more: [String: String] = [:]
  ) throws -> ObjectID {
    let date = try date ?? nextDate()
    let parts = author.split(separator: "<", maxSplits: 1)
    let name = parts.first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    let email = parts.dropFirst().first.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "<> ")) } ?? ""
    let environment = [
      "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": "@\(date) +0000",
      "GIT_COMMITTER_DATE": "@\(date) +0000",
    ]
    try git(arguments, environment: environment.merging(more) { _, more in more })
    return try id()
  }

  private func nextDate() throws -> Int64 {
    let last = try tryGit(["log", "-1", "--format=%ct"])
    let seconds = Int64(String(decoding: last.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    return seconds.map { $0 + 60 } ?? Self.firstDate
  }
}
