import FoundationEssentials
import MooringModel
import Testing

@Suite("What one watcher leaves for the next") struct SharedRecordTests {
  private func held(_ cause: Hold.Cause, _ reason: String) -> HoldInForce {
    HoldInForce(hold: Hold(cause: cause, reason: reason), initiator: ann, since: morning)
  }

  private func entry(_ number: Int) -> QuarantineEntry {
    QuarantineEntry(
      revision: revision(number), digest: digest(number), number: ReleaseNumber(number),
      rollback: identifier("r"), reason: String(repeating: "bad ", count: 100))
  }

  @Test("is read as it was written") func isReadAsItWasWritten() throws {
    var state = EnvironmentState()
    state.holds = [held(.person, "freeze")]
    state.quarantine.entries = [entry(2)]
    let record = SharedRecord(of: state, owner: "here/1", at: morning, head: digest(7), missing: [digest(8)])
    #expect(record.heads == [digest(7), digest(8)])
    #expect(record.quarantine.first?.reason.count == 300)
    #expect(try JSONDecoder().decode(SharedRecord.self, from: JSONEncoder().encode(record)) == record)
  }

  @Test("keeps the newest of a long quarantine") func keepsTheNewestOfALongQuarantine() {
    var state = EnvironmentState()
    state.quarantine.entries = (0..<1001).map { entry($0 % 200) }
    let record = SharedRecord(of: state, owner: "here/1", at: morning, head: nil, missing: [])
    #expect(record.quarantine.count == SharedRecord.mostQuarantined)
    #expect(record.quarantine.first?.revision == revision(1))
  }

  @Test("carries over what a state lacks, and nothing twice") func carriesOverWhatAStateLacks() {
    let record = SharedRecord(
      owner: "there/1", at: morning, head: nil, holds: [held(.person, "freeze"), held(.deploymentFailed, "bad")],
      quarantine: [entry(2), entry(3)])
    var state = EnvironmentState()
    state.holds = [held(.person, "mine")]
    state.quarantine.entries = [entry(3)]
    let drafts = record.carriedOver(to: state)
    #expect(
      drafts == [
        EventDraft(.hold(Hold(cause: .deploymentFailed, reason: "bad")), by: ann),
        EventDraft(.quarantine(entry(2)), by: .watcher),
      ])
  }
}
