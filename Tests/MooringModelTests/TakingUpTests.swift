import MooringModel
import Testing

/// The program stops after an append and before the effect that follows: the next start finds the state alone.
@Suite("Taking an environment up after a crash") struct TakingUpTests {
  private func takenUp(_ body: (inout Story) throws -> Void) throws -> [String] {
    var story = Story()
    try body(&story)
    story.state = EnvironmentState(replaying: story.events)
    return try story.hear(.takenUp)
  }

  @Test("does nothing where nothing was in flight") func doesNothingWhereNothingWasInFlight() throws {
    #expect(try takenUp { _ in } == [])
    #expect(try takenUp { try $0.deploy(1) } == [])
    #expect(try takenUp { try $0.deploy(1, pass: false) } == [])
  }

  @Test("goes on with a deployment under its own name, without announcing it twice")
  func goesOnWithADeploymentUnderIts() throws {
    let words = try takenUp { story in
      try story.deploy(1)
      try story.head(v(2), new: [release(2)])
      try story.planned("D", v(2))
    }
    #expect(words == ["> plan v2 for mooring, revision, resuming D"])
    var story = Story()
    try story.deploy(1)
    try story.planned("D", v(2))
    #expect(try story.planned("D", v(2), resumes: true) == ["> carryOut D"])
  }

  @Test("goes on with it also under a hold, and for the person who asked") func goesOnWithItAlsoUnderA() throws {
    let words = try takenUp { story in
      try story.deploy(1)
      try story.planned("D", v(2), .asked, by: ann)
      try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    }
    #expect(words == ["> plan v2 for ann, asked, resuming D"])
  }

  @Test("ends a deployment that can't be gone on with") func endsADeploymentThatCantBeGone() throws {
    var story = Story()
    try story.deploy(1)
    try story.planned("D", v(2))
    try story.hear(.takenUp)
    #expect(
      try story.hear(.notPlanned(v(2), .revision, Fault(.journal, "the tree is lost"))) == [
        "+ deployment.finished failed", "> alert", "> refuse gate",
      ])
    #expect(story.state.inFlight == nil)
  }

  @Test("restores where a failure was recorded and the rollback not yet") func restoresWhereAFailureWasRecordedAnd()
    throws
  {
    let words = try takenUp { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
    }
    #expect(words == ["> revert to v1, automatic"])
  }

  @Test("restores and pushes where the rollback was recorded and nothing done")
  func restoresAndPushesWhereTheRollbackWas() throws {
    let words = try takenUp { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
    }
    #expect(words == ["> plan v1 (revert pending) for mooring, rollback rollback-1", "> push"])
  }

  @Test("goes on with the deployment of a rollback, and pushes") func goesOnWithTheDeploymentOfA() throws {
    let words = try takenUp { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
      try story.planned("R", pending(1), .rollback(identifier("rollback-1")))
    }
    #expect(
      words == ["> plan v1 (revert pending) for mooring, rollback rollback-1, resuming R", "> push"])
  }

  @Test("only pushes where production is restored") func onlyPushesWhereProductionIsRestored() throws {
    let words = try takenUp { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
      try story.restored(to: 1)
    }
    #expect(words == ["> push"])
  }

  @Test("only restores where the revert is on the branch") func onlyRestoresWhereTheRevertIsOn() throws {
    let words = try takenUp { story in
      try story.deploy(1)
      try story.deploy(2, pass: false)
      try story.reverted(to: 1)
      try story.pushed(to: 1)
    }
    #expect(words == ["> plan v1 (revert pending) for mooring, rollback rollback-1"])
  }

  @Test("does nothing where the rollback had ended") func doesNothingWhereTheRollbackHadEnded() throws {
    #expect(
      try takenUp { story in
        try story.deploy(1)
        try story.deploy(2, pass: false)
        try story.reverted(to: 1)
        try story.pushed(to: 1)
        try story.restored(to: 1)
      } == [])
  }
}
