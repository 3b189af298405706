import MooringModel
import Testing

@Suite("Deciding about pull requests") struct PullRequestDecidingTests {
  private let request = PullRequest(number: 12, url: "https://host.example/12", branch: "mooring/revert-x")

  /// v2 failed, and the revert to v1 is owed.
  private func owed() throws -> Story {
    var story = Story()
    try story.deploy(1)
    try story.deploy(2, pass: false)
    try story.reverted(to: 1)
    try story.restored(to: 1)
    return story
  }

  private func news(isOpen: Bool, _ why: String = "it waits") -> Fact {
    .heard(
      PullRequestNews(
        request, isOpen: isOpen,
        owed: [RevertOwed(rollback: identifier("rollback-1"), commit: content(0xC1), why: why)]))
  }

  @Test("one that is open is said once, and ends the rollback with the revert owed") func oneThatIsOpen() throws {
    var story = try owed()
    #expect(
      try story.hear(news(isOpen: true)) == [
        "+ revert.proposed", "+ revert.owed", "+ rollback.finished verified, owed", "> alert",
      ])
    #expect(try story.hear(news(isOpen: true)) == [])
    #expect(story.state.owed.first?.request == request)
    #expect(try story.pushed(to: 1) == ["+ revert.pushed", "> readHead"])
    #expect(story.state.owed.isEmpty)
  }

  @Test("one that is closed unmerged holds, once, and the hold ends when it is open again or landed all the same")
  func oneThatIsClosed() throws {
    for isReopened in [true, false] {
      var story = try owed()
      try story.hear(news(isOpen: true))
      #expect(
        try story.hear(news(isOpen: false, "closed")) == [
          "+ revert.declined", "+ hold pullRequestClosed", "+ revert.owed", "> alert",
        ])
      #expect(try story.hear(news(isOpen: false, "closed")) == [])
      #expect(try story.head(v(3), new: [release(3)]) == ["+ release v3", "> push"], "nothing is deployed meanwhile")
      if isReopened {
        #expect(try story.hear(news(isOpen: true)) == ["+ revert.proposed", "+ resume", "+ revert.owed"])
        #expect(story.state.owed.count == 1)
      } else {
        #expect(try story.pushed(to: 1) == ["+ revert.pushed", "+ resume", "> readHead"])
      }
      #expect(!story.state.isHeld)
    }
  }

  @Test("who resumes after it was closed takes the branch as it is") func whoResumes() throws {
    var story = try owed()
    try story.hear(news(isOpen: true))
    try story.hear(news(isOpen: false))
    try story.hear(.asked(.resume(reason: "right as it is"), by: ann))
    #expect(story.state.owed.isEmpty && !story.state.isHeld)
    #expect(EnvironmentState(replaying: story.events) == story.state)
  }

  @Test(
    "one that nothing waits in any more is put away once, however it came to that",
    arguments: ["landed", "resumed", "lifted"])
  func oneThatIsNeedless(_ how: String) throws {
    var story = try owed()
    try story.hear(news(isOpen: true))
    switch how {
    case "landed": try story.pushed(to: 1)
    case "resumed":
      try story.hear(news(isOpen: false))
      try story.hear(.asked(.resume(reason: "as it is"), by: ann))
    default:
      #expect(
        try story.hear(.asked(.liftQuarantine(digest(2), reason: "it was the gate"), by: ann)) == [
          "+ quarantine.lifted"
        ])
    }
    #expect(story.state.owed.isEmpty && !story.state.isHeld)
    let needless = try #require(story.state.needless.first)
    #expect(needless.request == request && needless.rollback == identifier("rollback-1"))
    #expect(try story.head(v(2)).contains("> settle #12"))
    #expect(try story.hear(.settled([])) == [], "a host that fails is asked again")
    #expect(try story.head(v(2)).contains("> settle #12"))
    #expect(try story.hear(.settled([RequestSettled(needless, closed: true)])) == ["+ request.settled"])
    #expect(try story.hear(.settled([RequestSettled(needless, closed: true)])) == [], "somebody else was quicker")
    #expect(story.state.needless.isEmpty)
    #expect(EnvironmentState(replaying: story.events) == story.state)
  }

  @Test("who lets a release in again withdraws no revert that is just being pushed") func whoLetsItInAgain() throws {
    var story = try owed()
    try story.hear(.asked(.liftQuarantine(digest(2), reason: "it was the gate"), by: ann))
    #expect(story.state.owed.count == 1 && story.state.needless.isEmpty)
  }

  @Test("a person's hold outlasts a pull request that is open again") func aPersonsHold() throws {
    var story = try owed()
    try story.hear(news(isOpen: true))
    try story.hear(news(isOpen: false))
    try story.hear(.asked(.hold(reason: "freeze"), by: ann))
    #expect(try story.hear(news(isOpen: true)).contains("+ resume") == false)
    #expect(story.state.isHeld)
  }
}
