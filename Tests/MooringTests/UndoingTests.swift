import Documents
import Git
import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// Undoing commits by a three-way merge, and keeping what came after them.
@Suite(.inTurn) struct UndoingTests {
  private static let app = "# the app\nreplicas: 1 # one\nimage: a:1\nlog: info\n"

  /// A site in whose production these versions of `app/app.yaml` came one after the other.
  private func deployed(_ versions: [String]) async throws -> (Site, Workspace, [ObjectID]) {
    let site = try Site(["app/app.yaml": Self.app])
    let workspace = try await site.workspace()
    try await workspace.sync()
    var commits: [ObjectID] = []
    for (number, text) in versions.enumerated() {
      commits.append(try site.push(["app/app.yaml": text], "Change \(number)"))
    }
    try await workspace.sync()
    return (site, workspace, commits)
  }

  private func undo(
    _ commits: [ObjectID], _ part: RevertPart = RevertPart(), take decisions: [RevertDecision] = [],
    mainline: Int? = nil
  ) -> RollbackChoice {
    .undo(UndoChoice(commits.map(\.hex), mainline: mainline, part: part, decisions: decisions))
  }

  @Test func whatOnlyLinesStandInTheWayOfIsMergedByField() async throws {
    let (site, workspace, commits) = try await deployed([
      "# the app\nreplicas: 5 # one\nimage: a:1\nlog: info\n",
      "# the app\nreplicas: 5 # one\nimage: a:2 # new\nlog: info\n",
    ])
    let choice = undo([commits[0]])
    let request = try await workspace.context().revertRequest(
      choice, reason: "r", by: Site.person, includeShared: false)
    let preview = try await workspace.context().preview(request)
    #expect(preview.byField == ["app/app.yaml"])
    #expect(!preview.ranBefore)
    #expect(preview.changes.map(\.field) == ["replicas"])
    let report = try await workspace.rollback(choice)
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "# the app\nreplicas: 1 # one\nimage: a:2 # new\nlog: info\n")
    #expect(report.state.deployed?.verified == true)
    try site.pull()
    #expect(try site.author.git("log", "-1", "--format=%s") == "Revert \"Change 0\"")
  }

  @Test func aFieldThatWasChangedAgainIsShownWithItsThreeValuesAndDecided() async throws {
    let (site, workspace, commits) = try await deployed([
      "# the app\nreplicas: 5 # one\nimage: a:1\nlog: debug\n",
      "# the app\nreplicas: 7 # one\nimage: a:1\nlog: debug\n",
    ])
    let refused = try await workspace.rollback(undo([commits[0]]))
    #expect(
      refused.said.contains("  app/app.yaml\n    field     base  current  reverted\n    replicas  1     7        5"),
      "\(refused.said)")
    #expect(refused.said.contains("--take base FIELD"))
    let wrong = try await workspace.rollback(undo([commits[0]], take: [RevertDecision(.base, "replica")]))
    #expect(wrong.said.contains("replicas"), "\(wrong.said)")
    let report = try await workspace.rollback(undo([commits[0]], take: [RevertDecision(.current, "replicas")]))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "# the app\nreplicas: 7 # one\nimage: a:1\nlog: info\n")
  }

  @Test func takingTheBaseGoesBackAndADecisionOnNothingIsRefused() async throws {
    let (site, workspace, commits) = try await deployed([
      "# the app\nreplicas: 5 # one\nimage: a:1\nlog: info\n", "# the app\nreplicas: 7 # one\nimage: a:1\nlog: warn\n",
    ])
    let decisions = [RevertDecision(.base, "app/app.yaml:replicas")]
    let wrong = try await workspace.rollback(
      undo([commits[0]], take: decisions + [RevertDecision(.base, "log")]))
    #expect(wrong.said.contains("log is not in conflict"), "\(wrong.said)")
    let report = try await workspace.rollback(undo([commits[0]], take: decisions))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "# the app\nreplicas: 1 # one\nimage: a:1\nlog: warn\n")
  }

  @Test func aRangeIsUndoneInOneGo() async throws {
    let (site, workspace, commits) = try await deployed([
      "# the app\nreplicas: 5 # one\nimage: a:1\nlog: info\n", "# the app\nreplicas: 6 # one\nimage: a:1\nlog: info\n",
      "# the app\nreplicas: 7 # one\nimage: a:1\nlog: info\n", "# the app\nreplicas: 7 # one\nimage: a:2\nlog: info\n",
    ])
    let first = try site.author.id("HEAD~4")
    let range = "\(first.hex)..\(commits[2].hex.prefix(8))"
    let report = try await workspace.rollback(.undo(UndoChoice([range])))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "# the app\nreplicas: 1 # one\nimage: a:2\nlog: info\n")
    try site.pull()
    let message = try site.author.git("log", "-1", "--format=%B")
    #expect(message.hasPrefix("Revert 3 commits of production\n"), "\(message)")
    for commit in commits[..<3] { #expect(message.contains("Mooring-Undoes: \(commit.hex)")) }
    let backwards = try await workspace.rollback(.undo(UndoChoice(["\(commits[1].hex)..\(commits[0].hex)"])))
    #expect(backwards.said.contains("doesn't lead back to"), "\(backwards.said)")
  }

  @Test func severalCommitsAreUndoneTheNewestFirst() async throws {
    let (site, workspace, commits) = try await deployed([
      "# the app\nreplicas: 5 # one\nimage: a:1\nlog: info\n", "# the app\nreplicas: 5 # one\nimage: a:2\nlog: info\n",
      "# the app\nreplicas: 7 # one\nimage: a:2\nlog: info\n",
    ])
    let report = try await workspace.rollback(undo([commits[0], commits[2]]))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "# the app\nreplicas: 1 # one\nimage: a:2\nlog: info\n")
  }

  @Test func aRevertIsRevertedLikeAnyCommit() async throws {
    let (site, workspace, commits) = try await deployed(["# the app\nreplicas: 5 # one\nimage: a:1\nlog: info\n"])
    try await workspace.rollback(undo(commits))
    #expect(site.live() == Self.app)
    try site.pull()
    let report = try await workspace.rollback(undo([try site.author.id()]))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live() == "# the app\nreplicas: 5 # one\nimage: a:1\nlog: info\n")
    #expect(try workspace.state().quarantine.entries.isEmpty == false, "what it left is what is bad now")
  }

  @Test func onlyAFieldOrOnlyAPathGoesBack() async throws {
    let site = try Site(["app/app.yaml": Self.app, "app/more/other.yaml": "a: 1\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let bad = try site.push(
      ["app/app.yaml": "# the app\nreplicas: 5 # many\nimage: a:2\nlog: info\n", "app/more/other.yaml": "a: 2\n"],
      "Both")
    try await workspace.sync()
    let outside = try await workspace.rollback(undo([bad], RevertPart(paths: [RelativePath("other")])))
    #expect(outside.said.contains("other is no input of production"), "\(outside.said)")
    let nothing = try await workspace.rollback(undo([bad], RevertPart(field: FieldPath(keys: "log"))))
    #expect(nothing.said.contains("nothing to undo in production at log"), "\(nothing.said)")
    try await workspace.rollback(undo([bad], RevertPart(field: FieldPath(keys: "image"))))
    #expect(site.live() == "# the app\nreplicas: 5 # many\nimage: a:1\nlog: info\n")
    #expect(site.live("more/other.yaml") == "a: 2\n")
    try site.pull()
    #expect(try site.author.git("log", "-1", "--format=%B").contains("Mooring-Only: image"))
    try await workspace.rollback(undo([bad], RevertPart(paths: [RelativePath("app/more")])))
    #expect(site.live("more/other.yaml") == "a: 1\n")
    #expect(site.live() == "# the app\nreplicas: 5 # many\nimage: a:1\nlog: info\n")
  }

  @Test func onlyOneObjectGoesBackAlsoWhereItWasRemovedWithItsFile() async throws {
    func object(_ kind: String, _ replicas: Int) -> String {
      "kind: \(kind)\nmetadata:\n  name: web # it\nspec:\n  replicas: \(replicas)\n"
    }
    let site = try Site(["app/all.yaml": object("D", 1) + "---\n" + object("S", 1), "app/gone.yaml": object("G", 1)])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let bad = try site.push(["app/all.yaml": object("D", 2) + "---\n" + object("S", 2), "app/gone.yaml": nil], "All")
    try await workspace.sync()
    let field = RevertPart(field: FieldPath(keys: "spec", "replicas"))
    let ambiguous = try await workspace.rollback(undo([bad], field))
    #expect(ambiguous.said.contains("would be undone in 2 places"), "\(ambiguous.said)")
    try await workspace.rollback(undo([bad], RevertPart(resource: "S/web")))
    #expect(site.live("all.yaml") == object("D", 2) + "---\n" + object("S", 1))
    #expect(site.live("gone.yaml") == nil)
    try await workspace.rollback(undo([bad], RevertPart(resource: "G/web")))
    #expect(site.live("gone.yaml") == object("G", 1))
  }

  @Test func aMergeIsUndoneAgainstAChosenParent() async throws {
    let site = try Site(["app/app.yaml": "a: 1\n", "app/main": "1\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.author.branch("feature")
    try site.author.commit("Feature", files: ["app/feature": "1\n"])
    try site.author.checkout("main")
    try site.author.commit("Meanwhile", files: ["app/main": "2\n"])
    let merge = try site.author.merge("feature")
    try site.publish()
    try await workspace.sync()
    let third = try await workspace.rollback(undo([merge], mainline: 3))
    #expect(third.said.contains("has 2 parents, and no number 3"), "\(third.said)")
    let report = try await workspace.rollback(undo([merge], mainline: 2))
    #expect(report.refusals.isEmpty, "\(report.said)")
    #expect(site.live("main") == "1\n", "what the branch itself did meanwhile is undone")
    #expect(site.live("feature") == "1\n")
    try site.pull()
    let feature = try site.author.id("\(merge.hex)^2")
    #expect(try site.author.git("log", "-1", "--format=%B").contains("changes made to \(feature.hex)."))
  }

  @Test func secretsInConflictAreNotShown() async throws {
    func secret(_ value: String) -> String { "kind: Secret\nmetadata: {name: s}\nstringData: {p: \(value)}\n" }
    let site = try Site(["app/s.yaml": secret("first"), "app/c.yaml": "password: alpha\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let bad = try site.push(["app/s.yaml": secret("second"), "app/c.yaml": "password: beta\n"], "Bad")
    try site.push(["app/s.yaml": secret("third"), "app/c.yaml": "password: gamma\n"], "Later")
    try await workspace.sync()
    let said = try await workspace.rollback(undo([bad])).said
    #expect(said.contains("Secret/s:stringData.p") && said.contains("(secret)"), "\(said)")
    for value in ["first", "second", "third", "alpha", "beta", "gamma"] { #expect(!said.contains(value), "\(said)") }
  }

  @Test func anOwedRevertIsReplayedByFieldWhereOnlyLinesAreInItsWay() async throws {
    let transfer = Interposed()
    let site = try Site(["app/app.yaml": Self.app])
    let workspace = try await site.workspace(transfer: transfer)
    try await workspace.sync()
    try site.push(["app/app.yaml": "# the app\nreplicas: 5 # one\nimage: a:1\nlog: info\n"], "Bad")
    try await workspace.sync()
    transfer.isAway = true
    try await workspace.rollback()
    try site.push(["app/app.yaml": "# the app\nreplicas: 5 # one\nimage: a:2\nlog: info\n"], "Beside it")
    transfer.isAway = false
    try await workspace.poll()
    try await workspace.poll()
    let state = try workspace.state()
    #expect(state.holds.isEmpty, "\(state.holds)")
    #expect(state.owed.isEmpty)
    #expect(site.live() == "# the app\nreplicas: 1 # one\nimage: a:2\nlog: info\n")
    try site.pull()
    #expect(try site.author.git("log", "-2", "--format=%s") == "Revert \"Bad\"\nBeside it")
  }
}
