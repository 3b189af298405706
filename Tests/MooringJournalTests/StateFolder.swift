import Foundation
import Git
import Glibc
import MooringModel

@testable import MooringJournal

/// A state directory with one bare repository, removed with the last reference to it.
final class StateFolder: Sendable {
  let path: String
  let repository: Repository
  private let isOwned: Bool

  /// In a temporary folder of its own, or in a folder that is there.
  init(at given: String? = nil) throws {
    if let given {
      path = given
    } else {
      var template = Array("/tmp/mooring-journal.XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    isOwned = given == nil
    let bare = path + "/repositories/config.git"
    if FileManager.default.fileExists(atPath: bare) {
      repository = try Repository.open(bareAt: bare)
    } else {
      try FileManager.default.createDirectory(atPath: path + "/repositories", withIntermediateDirectories: true)
      repository = try Repository.create(bareAt: bare)
    }
  }

  deinit { if isOwned { try? FileManager.default.removeItem(atPath: path) } }

  var log: String { path + "/journal.log" }
  var git: String { path + "/repositories/config.git" }
  var reference: String { git + "/refs/mooring/journal/production" }

  func journal() async throws -> Journal { try await Journal(stateDirectory: path, source: "here/1") }

  /// As it would be found after the machine lost power: another boot, so that nothing counts as applied.
  func forgetWhatWasApplied() throws { try FileManager.default.removeItem(atPath: log + ".applied") }

  func logBytes() throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: log))) }
  func writeLog(_ bytes: some Collection<UInt8>) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: log))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }

  /// The files of loose objects.
  func looseObjects() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: git + "/objects")
      .filter { $0.utf8.count == 41 && !$0.hasPrefix("pack") }.map { git + "/objects/" + $0 }
  }

  /// What `git` prints; its own configuration is left aside.
  @discardableResult
  func runGit(_ arguments: String..., input: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-C", git] + arguments
    process.environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": path, "LC_ALL": "C",
      "GIT_AUTHOR_NAME": "Bo", "GIT_AUTHOR_EMAIL": "bo@example.com", "GIT_COMMITTER_NAME": "Bo",
      "GIT_COMMITTER_EMAIL": "bo@example.com",
    ]
    let (output, source) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = output
    process.standardInput = source
    try process.run()
    if let input { try source.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
    try source.fileHandleForWriting.close()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Fault(.program, "git \(arguments): \(text)") }
    return text.trimmingCharacters(in: .newlines)
  }
}

extension StateFolder {
  /// What `git fsck` finds wrong; that HEAD names no branch is no fault.
  func complaints() throws -> [Substring] {
    try runGit("fsck", "--strict", "--no-dangling").split(separator: "\n").filter { !$0.hasPrefix("notice:") }
  }
}

let production = environment("production")
let morning = Timestamp(milliseconds: 1_767_225_600_634)
let ann = Initiator(kind: .person, name: "Ann Lee", door: .command)

func environment(_ name: String) -> EnvironmentName {
  do { return try EnvironmentName(name) } catch { preconditionFailure("\(name): \(error)") }
}

func event(_ payload: Event.Payload, of environment: EnvironmentName = production, by who: Initiator = .watcher)
  -> Event
{
  Event(
    id: Identifier(at: morning), time: morning, initiator: who, source: "here/1", environment: environment,
    payload: payload)
}

func note(_ text: String, of environment: EnvironmentName = production) -> JournalEntry {
  JournalEntry(event: event(.note(Note(text: text)), of: environment, by: ann))
}

extension Journal {
  /// Appends notes, one append each.
  @discardableResult
  func append(notes texts: String..., in state: StateFolder, of environment: EnvironmentName = production) async throws
    -> JournalHead
  {
    var head = try self.head(of: environment, in: state.repository)
    for text in texts {
      head = try await append([note(text, of: environment)], to: head, of: environment, in: state.repository)
    }
    return head
  }

  /// The notes of an environment, oldest first.
  func notes(in state: StateFolder, of environment: EnvironmentName = production) throws -> [String] {
    try events(of: environment, in: state.repository).reversed().map { event in
      if case .note(let note) = event.payload { note.text } else { event.payload.kind }
    }
  }
}
