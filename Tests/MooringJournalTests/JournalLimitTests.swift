import Git
import MooringModel
import Testing

@testable import MooringJournal

@Suite("A journal's limits", .timeLimit(.minutes(10))) struct JournalLimitTests {
  private let state: StateFolder

  init() throws { state = try StateFolder() }

  @Test("an event over the limit is refused before it is written, and the journal goes on")
  func event() async throws {
    let journal = try await state.journal()
    let large = note(String(repeating: "x", count: JournalCommit.maximumEventBytes))
    let error = await #expect(throws: Fault.self) {
      try await journal.append([large], to: JournalHead(), of: production, in: state.repository)
    }
    #expect(error?.code == .limit)
    try await journal.append(notes: "after", in: state)
    #expect(try journal.notes(in: state) == ["after"])
  }

  @Test("a commit of more events than the limit is refused, and more than that are written as several")
  func events() throws {
    let repository = state.repository
    let most = JournalCommit.mostEvents
    let entries = (0..<most + 1).map { note("\($0)") }
    #expect(try JournalCommit.objects(for: entries, on: nil).objects.filter { $0.kind == .commit }.count == 2)
    let blob = try repository.writeBlob(JournalCommit.encode(entries[0].event))
    let files = (0..<most + 1).map { TreeEntry(name: "\($0).json", mode: .regular, id: blob) }
    let folder = try repository.writeTree(files)
    let tree = try repository.writeTree([TreeEntry(name: "events", mode: .directory, id: folder)])
    let bo = Signature(name: "Bo", email: "bo@example.com", seconds: 0)
    let id = try repository.createCommit(tree: tree, parents: [], author: bo, committer: bo, message: "Many\n")
    let error = #expect(throws: Fault.self) {
      try JournalCommit.events(of: repository.commit(id), in: repository)
    }
    #expect(error?.code == .limit)
  }
}
