import Foundation
import Git
import MooringModel
import Testing

@testable import MooringJournal

@Suite("After a crash, the journal") struct RecoveryTests {
  private let state: StateFolder

  init() throws { state = try StateFolder() }

  @Test("keeps the whole records of a log that was torn at any byte, and drops the torn one")
  func keepsWholeRecords() async throws {
    let journal = try await state.journal()
    try await journal.append(notes: "one", in: state)
    let border = try state.logBytes().count
    try await journal.append(notes: "two", in: state)
    let bytes = try state.logBytes()
    let whole = try LogRecord.parse(bytes)
    #expect(whole.records.count == 2 && whole.valid == bytes.count)
    for cut in border..<bytes.count {
      let (records, valid) = try LogRecord.parse(Array(bytes[..<cut]))
      #expect(records == [whole.records[0]] && valid == border, "cut at \(cut)")
    }
    for index in border..<bytes.count {
      var damaged = bytes
      damaged[index] ^= 0x20
      #expect(try LogRecord.parse(damaged).records == [whole.records[0]], "damaged at \(index)")
    }
  }

  @Test("goes on after a torn record", arguments: [1, 3, 4, 23, 24, 25, 200])
  func goesOnAfterATornRecord(length: Int) async throws {
    let journal = try await state.journal()
    try await journal.append(notes: "one", in: state)
    let one = try state.logBytes()
    let commit = try state.runGit("rev-parse", Journal.reference(of: production))
    try await journal.append(notes: "two", in: state)
    let two = try state.logBytes()
    try state.runGit("update-ref", Journal.reference(of: production), commit)
    try state.writeLog(two[..<(one.count + length)])
    try state.forgetWhatWasApplied()
    let next = try await state.journal()
    #expect(try next.notes(in: state) == ["one"])
    #expect(try state.logBytes() == one)
    try await next.append(notes: "three", in: state)
    #expect(try next.notes(in: state) == ["one", "three"])
    #expect(try LogRecord.parse(state.logBytes()).records.count == 2)
  }

  enum Loss: CaseIterable {
    case objectsDeleted, objectsEmptied, objectsCut, objectsGarbled, referenceDeleted, referenceEmptied,
      referenceGarbled
    case everything
  }

  @Test("restores what didn't reach the disk from its log", arguments: Loss.allCases, [3, 40])
  func restoresWhatWasLost(loss: Loss, events: Int) async throws {
    var expected: [String] = []
    do {
      let journal = try await state.journal()
      let notes = (0..<events).map { note("note \($0)") }
      let head = try await journal.append(
        [notes[0], notes[1]], to: JournalHead(), of: production, in: state.repository)
      _ = try await journal.append(Array(notes[2...]), to: head, of: production, in: state.repository)
      expected = try journal.notes(in: state)
    }
    try lose(loss)
    try state.forgetWhatWasApplied()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: state.path + "/index.sqlite" + suffix)
    }
    let reopened = try StateFolder(at: state.path)
    let journal = try await reopened.journal()
    #expect(try journal.notes(in: reopened) == expected)
    #expect(try state.complaints() == [])
    try await journal.append(notes: "more", in: reopened)
    #expect(try journal.notes(in: reopened) == expected + ["more"])
  }

  private func lose(_ loss: Loss) throws {
    switch loss {
    case .objectsDeleted, .objectsEmptied, .objectsCut, .objectsGarbled:
      for file in try state.looseObjects() { try damage(file, loss) }
    case .referenceDeleted: try FileManager.default.removeItem(atPath: state.reference)
    case .referenceEmptied: try Data().write(to: URL(filePath: state.reference))
    case .referenceGarbled: try Data([0, 1, 2, 0xFF, 10]).write(to: URL(filePath: state.reference))
    case .everything:
      for file in try state.looseObjects() { try FileManager.default.removeItem(atPath: file) }
      for file in try FileManager.default.contentsOfDirectory(atPath: state.git + "/objects/pack") {
        try FileManager.default.removeItem(atPath: state.git + "/objects/pack/" + file)
      }
      try FileManager.default.removeItem(atPath: state.reference)
    }
  }

  private func damage(_ file: String, _ loss: Loss) throws {
    var bytes = try Data(contentsOf: URL(filePath: file))
    try FileManager.default.removeItem(atPath: file)
    switch loss {
    case .objectsEmptied: bytes = Data()
    case .objectsCut: bytes = bytes.prefix(bytes.count / 2)
    case .objectsGarbled: bytes = Data(bytes.map { _ in 0x55 })
    default: return
    }
    try bytes.write(to: URL(filePath: file))
  }

  @Test("doesn't begin a journal in the middle where its repository was deleted")
  func repositoryDeleted() async throws {
    do {
      let journal = try await state.journal()
      try await journal.append(notes: "one", "two", in: state)
      try await journal.checkpoint()
      try await journal.append(notes: "three", in: state)
    }
    try FileManager.default.removeItem(atPath: state.git)
    try state.forgetWhatWasApplied()
    let fresh = try StateFolder(at: state.path)
    let journal = try await fresh.journal()
    #expect(try fresh.repository.references(prefix: "refs/").isEmpty)
    #expect(try journal.notes(in: fresh) == [])
  }

  @Test("doesn't go back where the middle of its log is damaged and Git has everything")
  func doesNotGoBack() async throws {
    let journal = try await state.journal()
    try await journal.append(notes: "one", in: state)
    let border = try state.logBytes().count
    try await journal.append(notes: "two", "three", in: state)
    var bytes = try state.logBytes()
    bytes[border + 40] ^= 1
    try state.writeLog(bytes)
    try state.forgetWhatWasApplied()
    let next = try await state.journal()
    #expect(try next.notes(in: state) == ["one", "two", "three"])
    try await next.append(notes: "four", in: state)
    #expect(try next.notes(in: state) == ["one", "two", "three", "four"])
  }

  @Test("ignores a log of garbage", arguments: [1, 24, 4096])
  func ignoresGarbage(count: Int) async throws {
    try await state.journal().append(notes: "one", in: state)
    for byte in [UInt8(0), 0x7F, 0xFF] {
      try state.writeLog([UInt8](repeating: byte, count: count))
      try state.forgetWhatWasApplied()
      #expect(try await state.journal().notes(in: state) == ["one"])
    }
  }

  @Test("loses nothing when a checkpoint empties its log")
  func losesNothingAtACheckpoint() async throws {
    let journal = try await state.journal()
    try await journal.append(notes: "one", "two", in: state)
    #expect(try !state.logBytes().isEmpty)
    try await journal.checkpoint()
    #expect(try state.logBytes().isEmpty)
    try state.forgetWhatWasApplied()
    let next = try await state.journal()
    #expect(try next.notes(in: state) == ["one", "two"])
    try await journal.append(notes: "three", in: state)
    #expect(try next.notes(in: state) == ["one", "two", "three"])
  }

  @Test("empties its log by itself when that has grown, and loses nothing")
  func emptiesItsLog() async throws {
    let log = try WriteAheadLog(in: state.path, checkpointBytes: 2000)
    for number in 0..<20 {
      _ = try await log.append(
        WriteAheadLog.Append(repository: state.repository, reference: Journal.reference(of: production)) { parent in
          try JournalCommit.objects(for: [note("\(number)")], on: parent)
        })
      #expect(try state.logBytes().count < 4000)
    }
    #expect(try await state.journal().notes(in: state) == (0..<20).map { "\($0)" })
  }

  enum IndexLoss: CaseIterable { case deleted, garbage, emptied, cut, wrong }

  @Test("gives the same answers with an index that was lost or damaged", arguments: IndexLoss.allCases)
  func answersWithoutItsIndex(loss: IndexLoss) async throws {
    do {
      let journal = try await state.journal()
      try await journal.append(notes: "one", "two", "three", in: state)
    }
    let file = URL(filePath: state.path + "/index.sqlite")
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
    let bytes = try Data(contentsOf: file)
    switch loss {
    case .deleted: try FileManager.default.removeItem(at: file)
    case .garbage: try Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }).write(to: file)
    case .emptied: try Data().write(to: file)
    case .cut: try bytes.prefix(bytes.count / 2).write(to: file)
    case .wrong:
      let index = try JournalIndex(path: file.path)
      let known = try index.head(of: production)
      let stranger = JournalHead(commit: try Repository.identity(ofBlob: [1]))
      try index.record([.init(environment: production, old: known.commit, head: stranger, events: [])])
    }
    let journal = try await state.journal()
    #expect(try journal.notes(in: state) == ["one", "two", "three"])
    #expect(try journal.head(of: production, in: state.repository).state.eventCount == 3)
  }

  @Test("gives the same answers when a power failure tore any page of its index", arguments: [0, 2048])
  func answersWithATornIndex(kept: Int) async throws {
    do {
      let journal = try await state.journal()
      try await journal.append(notes: "one", "two", "three", in: state)
    }
    let file = URL(filePath: state.path + "/index.sqlite")
    let whole = try Data(contentsOf: file)
    for page in stride(from: 0, to: whole.count, by: 4096) {
      var torn = whole
      torn.replaceSubrange(page + kept..<page + 4096, with: Data(count: 4096 - kept))
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
      try torn.write(to: file)
      try Data(count: 36).write(to: URL(filePath: file.path + ".lock"))
      let journal = try await state.journal()
      #expect(try journal.notes(in: state) == ["one", "two", "three"], "page \(page / 4096)")
    }
  }

  @Test("has an index that another program may have moved on")
  func indexMovedOn() async throws {
    let (one, other) = (try await state.journal(), try await state.journal())
    let head = try await one.append(notes: "one", in: state)
    try await other.append(notes: "two", in: state)
    let next = try await one.append([note("three")], to: head, of: production, in: state.repository)
    #expect(next.state.eventCount == 3)
    #expect(try one.notes(in: state) == ["one", "two", "three"])
    #expect(try other.head(of: production, in: state.repository) == next)
  }
}
