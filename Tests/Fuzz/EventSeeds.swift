import MooringJournal
import MooringModel

/// Events of many kinds, as the journal writes them.
enum EventSeeds {
  static let all: [String] = payloads.compactMap { payload in
    guard let name = try? EnvironmentName("production"), let id = Identifier("01KDVEF400") else { return nil }
    let event = Event(
      id: id, time: morning, initiator: Initiator(kind: .person, name: "ann", door: .command), source: "here/1",
      environment: name, payload: payload)
    return (try? JournalCommit.encode(event)).map { String(decoding: $0, as: UTF8.self) }
  }

  private static let morning = Timestamp(milliseconds: 1_767_225_600_000)
  private static let definition = Definition(renderer: "plain", version: 1, paths: ["environments/production"])

  private static var payloads: [Event.Payload] {
    guard let id = ContentID(bytes: [UInt8](repeating: 2, count: 20)), let act = Identifier("D1") else { return [] }
    let reference = ReleaseReference(number: ReleaseNumber(2), revision: id, digest: id)
    let pending = ReleaseReference(number: nil, revision: id, digest: id, restores: ReleaseNumber(1))
    let change = plan(Observation(deployed: nil), to: id, changes: [], keeping: [])
    return [
      .catalogue(Catalogue(count: 41, upTo: id, definition: definition)),
      .release(
        Release(
          number: ReleaseNumber(42), revision: id, inputs: [id, nil], definition: definition, digest: id,
          summary: "Change", author: "Bo", committed: morning)),
      .deploymentStarted(DeploymentStarted(deployment: act, trigger: .rollback(act), release: pending, plan: change)),
      .gate(GateResult(deployment: act, gate: "http", passed: false, attempts: 3, milliseconds: 30, detail: "503")),
      .deploymentFinished(DeploymentFinished(deployment: act, outcome: .verified, live: id, detail: "x")),
      .rollbackStarted(
        RollbackStarted(
          rollback: act, automatic: true, reason: "gate", from: reference, to: pending, undone: [id],
          revert: RevertCommit(commit: id, on: id), ranBefore: true)),
      .revertOwed(RevertOwed(rollback: nil, commit: id, why: "no network")),
      .revertPushed(RevertPushed(rollback: act, commit: id, landed: id)),
      .rollbackFinished(
        RollbackFinished(
          rollback: act, outcome: .restoredUnverified, pushed: false, verdict: "no change", detail: "503",
          milliseconds: 812)),
      .hold(Hold(cause: .replayConflict, reason: "why")), .resume(Resume(reason: "it is over")),
      .quarantine(
        QuarantineEntry(revision: id, digest: id, number: nil, rollback: act, reason: "it is bad")),
      .quarantineLifted(QuarantineLifted(digest: id, reason: "ann deployed it")),
      .historyRewritten(HistoryRewritten(was: id, now: id, vanished: [id])), .takeover(Takeover(from: "there/1")),
      .union(JournalUnion(other: id)), .alert(Alert(message: "look", about: id)), .note(Note(text: "a note")),
    ]
  }
}
