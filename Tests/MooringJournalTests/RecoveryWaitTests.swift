import Git
import Glibc
import MooringModel
import Testing

@testable import MooringJournal

@Suite("A journal whose log somebody else is applying") struct RecoveryWaitTests {
  @Test("is read only when that is done: nothing that was recorded is overlooked") func waits() async throws {
    let state = try StateFolder()
    let journal = try await state.journal()
    try await journal.append(notes: "one", in: state)
    let earlier = try state.repository.reference(Journal.reference(of: production))
    try await journal.append(notes: "two", in: state)
    // As a program leaves it that was killed between the log and the reference.
    let id = try #require(earlier)
    try state.repository.forceReferences([(Journal.reference(of: production), id)], log: "test")
    try state.forgetWhatWasApplied()

    let log = open(state.log, O_RDWR | O_CLOEXEC)
    defer { close(log) }
    #expect(flock(log, LOCK_EX) == 0)
    let reader = try await state.journal()
    #expect(try reader.notes(in: state) == ["one"], "who only reads waits for nobody")
    let release = Task.detached {
      // Long enough for a reader that doesn't wait to be through; one that does is through after it.
      try await Task.sleep(for: .milliseconds(200))
      flock(log, LOCK_UN)
    }
    try await reader.recover()
    #expect(try reader.notes(in: state) == ["one", "two"])
    try await release.value
  }
}
