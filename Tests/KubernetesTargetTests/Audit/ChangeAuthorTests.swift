import MooringModel
import MooringTestSupport
import Testing

@testable import KubernetesTarget

/// Who made a change is certain only where nobody else can have made it.
@Suite struct ChangeAuthorTests {
  private func author(
    of change: ObjectChange, among writes: [RecordedWrite], isComplete: Bool = true
  ) -> String? {
    let author = ChangeAuthor(
      writes: writes, isComplete: isComplete, manager: "mooring-production", ignored: ["keda-operator"]
    ).author(of: change)
    return author.map { "\($0.certainty.rawValue): \($0.person ?? "somebody") (\($0.program ?? ""))" }
  }

  private func set(_ manager: String, at second: Double, isReplicas: Bool = false) -> ObjectChange {
    .set(by: manager, at: Writes.time(second), isReplicas: isReplicas)
  }

  // MARK: A field with a manager

  @Test func aManagersFieldIsOfWhoWroteUnderThatNameInThatSecond() throws {
    let edit = try Writes.write(RecordedAudit.edit, at: 3.6)
    #expect(author(of: set("kubectl-edit", at: 3), among: [edit]) == "certain: ann (kubectl edit)")
  }

  @Test func whatCameBeforeIsAnotherRequest() throws {
    let edit = try Writes.write(RecordedAudit.edit, at: 3.6)
    #expect(author(of: set("kubectl-edit", at: 4), among: [edit]) == "likely: somebody (kubectl-edit)")
  }

  @Test func whoChangesAValueAgainIsKnownThoughTheServerLeavesTheTimeAsItWas() throws {
    let writes = [try Writes.write(RecordedAudit.edit, at: 3.6), try Writes.write(RecordedAudit.edit, at: 9)]
    #expect(author(of: set("kubectl-edit", at: 3), among: writes) == "certain: ann (kubectl edit)")
    #expect(author(of: set("kubectl-edit", at: 3), among: [writes[1]]) == "certain: ann (kubectl edit)")
    let other = writes + [try Writes.write(RecordedAudit.edit, by: "bob", at: 12)]
    #expect(author(of: set("kubectl-edit", at: 3), among: other) == "likely: bob (kubectl edit)")
  }

  @Test func anotherNameIsAnotherRequest() throws {
    let edit = try Writes.write(RecordedAudit.set, at: 3.6)
    #expect(author(of: set("kubectl-edit", at: 3), among: [edit]) == "likely: somebody (kubectl-edit)")
  }

  @Test func whereNothingWasToldTheManagerIsAHint() {
    #expect(author(of: set("helm", at: 3), among: []) == "likely: somebody (helm)")
  }

  @Test func whereSomethingWasMissedNobodyIsCertain() throws {
    let edit = try Writes.write(RecordedAudit.edit, at: 3.6)
    #expect(
      author(of: set("kubectl-edit", at: 3), among: [edit], isComplete: false) == "likely: ann (kubectl edit)")
  }

  @Test func whereTwoPeopleWroteUnderOneNameNobodyIsCertain() throws {
    let writes = [
      try Writes.write(RecordedAudit.edit, by: "bob", at: 1), try Writes.write(RecordedAudit.edit, by: "ann", at: 3.6),
    ]
    #expect(author(of: set("kubectl-edit", at: 3), among: writes) == "likely: ann (kubectl edit)")
  }

  @Test func thatOthersWroteUnderOtherNamesMakesNoDoubt() throws {
    let writes = [
      try Writes.write(RecordedAudit.edit, by: "ann", at: 3.6), try Writes.write(RecordedAudit.set, by: "bob", at: 3.7),
    ]
    #expect(author(of: set("kubectl-edit", at: 3), among: writes) == "certain: ann (kubectl edit)")
  }

  @Test func whoScalesAfterwardsIsNotTakenForWhoDidBefore() throws {
    let writes = [
      try Writes.write(RecordedAudit.edit, by: "ann", at: 1.5), try Writes.write(RecordedAudit.scale, by: "bob", at: 7),
    ]
    #expect(author(of: set("kubectl-edit", at: 1, isReplicas: true), among: writes) == "certain: bob (kubectl scale)")
    #expect(author(of: set("kubectl-edit", at: 1), among: writes) == "certain: ann (kubectl edit)")
    let later = writes + [try Writes.write(RecordedAudit.edit, by: "ann", at: 9)]
    #expect(author(of: set("kubectl-edit", at: 1, isReplicas: true), among: later) == "likely: ann (kubectl edit)")
  }

  // MARK: A field without one

  @Test func aFieldThatNobodyIsRecordedForIsOfTheOnlyOneWhoWrote() throws {
    let patch = try Writes.write(RecordedAudit.patchAsBob)
    #expect(author(of: .unclaimed(isReplicas: false), among: [patch]) == "certain: ann (kubectl patch)")
    let two = [patch, try Writes.write(RecordedAudit.edit, by: "carl", at: 2)]
    #expect(author(of: .unclaimed(isReplicas: false), among: two) == "likely: carl (kubectl edit)")
    #expect(author(of: .unclaimed(isReplicas: false), among: []) == nil)
  }

  @Test func scalingWritesReplicasAndNothingElse() throws {
    let scale = try Writes.write(RecordedAudit.scale)
    #expect(author(of: .unclaimed(isReplicas: true), among: [scale]) == "certain: ann (kubectl scale)")
    #expect(author(of: .unclaimed(isReplicas: false), among: [scale]) == nil)
    let labelled = try Writes.write(RecordedAudit.set, by: "bob", at: -1)
    #expect(author(of: .unclaimed(isReplicas: true), among: [labelled, scale]) == "certain: ann (kubectl scale)")
  }

  @Test(arguments: ["kube-controller-manager", "keda-operator"]) func thoseOfWhomNothingIsSaidAreNotIt(
    manager: String
  ) throws {
    let writes = [
      try Writes.write(RecordedAudit.edit), try Writes.write(RecordedAudit.edit, by: "robot", manager: manager, at: 2),
    ]
    #expect(author(of: .unclaimed(isReplicas: false), among: writes) == "certain: ann (kubectl edit)")
  }

  @Test func whatMooringWroteIsNobodyElses() throws {
    let own = RecordedAudit.edit.replacing("kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722", with: "mooring")
    let writes = [
      try Writes.write(RecordedAudit.edit), try Writes.write(own, by: "robot", manager: "mooring-production", at: 2),
    ]
    #expect(author(of: .unclaimed(isReplicas: false), among: writes) == "certain: ann (kubectl edit)")
    // Another environment's deployment is another's.
    let other = [try Writes.write(own, by: "robot", manager: "mooring-staging", at: 2)]
    #expect(author(of: .unclaimed(isReplicas: false), among: other) == "certain: robot (mooring)")
  }

  // MARK: Objects

  @Test func whatIsGoneWasDeletedByWhoDidSoLast() throws {
    let writes = [
      try Writes.write(RecordedAudit.delete, by: "bob"), try Writes.write(RecordedAudit.deleteCollection, at: 5),
      try Writes.write(RecordedAudit.edit, by: "carl", at: 6),
    ]
    #expect(author(of: .gone, among: writes) == "certain: ann (curl)")
    #expect(author(of: .gone, among: writes, isComplete: false) == "likely: ann (curl)")
    #expect(author(of: .gone, among: [writes[2]]) == nil)
  }

  @Test func whatIsThereWasMadeByWhoMadeItThen() throws {
    let writes = [
      try Writes.write(RecordedAudit.create, by: "bob", at: 1), try Writes.write(RecordedAudit.create, at: 5.1),
      try Writes.write(RecordedAudit.edit, by: "carl", at: 5.5),
    ]
    let made = ObjectChange.made(by: "kubectl-create", at: Writes.time(5))
    #expect(author(of: made, among: writes, isComplete: false) == "certain: ann (kubectl create)")
    #expect(author(of: made, among: [writes[0], writes[2]]) == "likely: somebody (kubectl-create)")
  }

  // MARK: What counts

  @Test func whatChangedNothingIsNoWrite() throws {
    for recorded in [RecordedAudit.dryRun, RecordedAudit.status, RecordedAudit.exec] {
      #expect(RecordedWrite(try Writes.event(recorded), arrived: Writes.start) == nil)
    }
    let refused = RecordedAudit.edit.replacing("\"code\":200", with: "\"code\":409")
    #expect(RecordedWrite(try Writes.event(refused), arrived: Writes.start) == nil)
    let received = RecordedAudit.edit.replacing("ResponseComplete", with: "RequestReceived")
    #expect(RecordedWrite(try Writes.event(received), arrived: Writes.start) == nil)
  }

  @Test func whoActsAsAnotherIsNamedWithBoth() throws {
    let by = try Writes.write(RecordedAudit.patchAsBob).attribution(.certain)
    #expect(by.description == "ann as bob (kubectl patch)")
    #expect(by.request?.groups == ["system:masters", "system:authenticated"])
    #expect(by.request?.address == "127.0.0.1" && by.request?.verb == "patch")
  }
}
