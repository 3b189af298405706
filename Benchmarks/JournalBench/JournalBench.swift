import Foundation
import Git
import MooringJournal
import MooringModel

/// Many environments of one state directory that write their journals at the same time.
struct JournalBench: Sendable {
  var folder: String
  var environments: Int
  /// How many events each appends, every one durable before the next.
  var events: Int

  private var repositoryPath: String { folder + "/repositories/bench.git" }

  /// How many milliseconds the appends took.
  func run() async throws -> Int {
    try FileManager.default.createDirectory(atPath: folder + "/repositories", withIntermediateDirectories: true)
    let repository = try Repository.create(bareAt: repositoryPath)
    let journal = try await Journal(stateDirectory: folder, source: "bench/1")
    let took = try await ContinuousClock().measure {
      try await withThrowingTaskGroup { group in
        for number in 1...environments {
          group.addTask { try await append(to: EnvironmentName("environment-\(number)"), journal, repository) }
        }
        try await group.waitForAll()
      }
    }
    return Int(took / .milliseconds(1))
  }

  private func append(to environment: EnvironmentName, _ journal: Journal, _ repository: Repository) async throws {
    var head = JournalHead()
    for number in 1...events {
      let time = Timestamp(Date())
      let event = Event(
        id: Identifier(at: time), time: time, initiator: .watcher, source: journal.source, environment: environment,
        payload: .note(Note(text: "event \(number) of \(environment)")))
      head = try await journal.append([JournalEntry(event: event)], to: head, of: environment, in: repository)
    }
  }

  /// How many events there are after all is opened anew, without the index: what Git holds.
  func count() async throws -> Int {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: folder + "/index.sqlite" + suffix)
    }
    let repository = try Repository.open(bareAt: repositoryPath)
    let journal = try await Journal(stateDirectory: folder, source: "bench/1")
    return try journal.rebuildIndex((1...environments).map { (try EnvironmentName("environment-\($0)"), repository) })
  }
}
