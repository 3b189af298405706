internal import Foundation
public import Git

/// A temporary repository that the real `git` program makes, and that is deleted with this value.
///
/// Nothing of the machine's or the person's Git configuration is read, and dates are given or fixed, so that the same
/// calls give the same object ids everywhere.
public final class GitFixture: Sendable {
  /// The working folder, or the repository itself when it is bare.
  public let path: String
  public let isBare: Bool

  public static let author = "Ada Lovelace <ada@example.com>"
  /// 2024-01-01T00:00:00Z, of the first commit whose date is not given.
  public static let firstDate: Int64 = 1_704_067_200

  /// Makes an empty repository whose HEAD is the branch `main`.
  public init(bare: Bool = false) throws {
    path = try Self.temporaryFolder()
    isBare = bare
    try git(["init", "--quiet", "--initial-branch=main"] + (bare ? ["--bare"] : []) + ["."])
  }

  /// Makes a bare clone, with all references and without a remote's configuration that matters.
  public init(cloning other: GitFixture) throws {
    path = try Self.temporaryFolder()
    isBare = true
    try git(["clone", "--quiet", "--mirror", other.path, "."])
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      FileHandle.standardError.write(Data("a temporary repository stays at \(path): \(error)\n".utf8))
    }
  }

  /// The folder with `objects` and `refs`: what `Repository.open(bareAt:)` takes.
  public var gitPath: String { isBare ? path : path + "/.git" }

  /// Opens the repository, of which libgit2 sees the bare part only.
  public func open() throws -> Repository { try Repository.open(bareAt: gitPath) }

  /// Runs git in the folder and returns what it printed, without the last line feed; throws when it failed.
  @discardableResult
  public func git(
    _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> String {
    try git(arguments, input: input, environment: environment)
  }

  @discardableResult
  public func git(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> String {
    let run = try tryGit(arguments, input: input, environment: environment)
    guard run.status == 0 else { throw GitFailure(arguments: arguments, status: run.status, message: run.errors) }
    let text = run.output.last == UInt8(ascii: "\n") ? run.output.dropLast() : run.output[...]
    return String(decoding: text, as: UTF8.self)
  }

  /// Runs git, and returns its exit status and its raw output whether it succeeded or not.
  public func tryGit(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> (status: Int32, output: [UInt8], errors: String) {
    let scratch = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: scratch) }  // at worst a file stays in the temporary folder
    for name in ["in", "out", "err"] {
      try Data(name == "in" ? input : []).write(to: URL(fileURLWithPath: "\(scratch)/\(name)"))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = Self.environment.merging(environment) { _, given in given }
    process.standardInput = try Self.handle(reading: "\(scratch)/in")
    process.standardOutput = try Self.handle(writing: "\(scratch)/out")
    process.standardError = try Self.handle(writing: "\(scratch)/err")
    try process.run()
    process.waitUntilExit()
    let output = try Data(contentsOf: URL(fileURLWithPath: "\(scratch)/out"))
    let errors = try Data(contentsOf: URL(fileURLWithPath: "\(scratch)/err"))
    return (process.terminationStatus, Array(output), String(decoding: errors, as: UTF8.self))
  }

  private static func handle(reading path: String) throws -> FileHandle {
    try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  }

  private static func handle(writing path: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  private static func temporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mooring-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }

  private static let environment: [String: String] = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": "Ada Lovelace", "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada Lovelace", "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "\(firstDate) +0000", "GIT_COMMITTER_DATE": "\(firstDate) +0000",
    "GIT_ALLOW_PROTOCOL": "file",
  ]
}

/// Git refused.
public struct GitFailure: Error, CustomStringConvertible {
  public var arguments: [String]
  public var status: Int32
  public var message: String

  public var description: String { "git \(arguments.joined(separator: " ")) failed (\(status)): \(message)" }
}
