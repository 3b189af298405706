import Documents
import FoundationEssentials
import GRDB
import Git
import MooringJournal
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// Who set a value, when, why, and when production had it: over real repositories and journals.
@Suite(.inTurn) struct HistoryTests {
  private static func deployment(_ replicas: Int, name: String = "web", more: String = "") -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: \(name), namespace: shop }
    spec:
      replicas: \(replicas)
    \(more)
    """
  }

  private func history(
    _ site: Site, _ subject: String, _ field: String? = nil
  ) async throws -> HistoryReport {
    try await site.workspace().context().history(of: subject, field: field)
  }

  private func values(_ report: HistoryReport) -> [String] {
    report.entries.flatMap(\.values).map { "\($0.old ?? "") → \($0.new ?? "")" }
  }

  private func text(_ blame: BlameReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(blame), as: UTF8.self)
  }

  private func entries(_ workspace: Workspace, _ subjects: [String]) async throws -> [[HistoryEntry]] {
    var found: [[HistoryEntry]] = []
    for subject in subjects { found.append(try await workspace.context().history(of: subject).entries) }
    return found
  }

  @Test func everyValueIsToldWithItsCommitReleaseAndTimeInProduction() async throws {
    let site = try Site(["app/web.yaml": Self.deployment(1)])
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(
      ["app/web.yaml": Self.deployment(3)], "Raise the limit (#12)\n\nReviewed-by: Cy <cy@example.com>")
    try await workspace.sync()
    let report = try await workspace.context().history(of: "deployment/shop/web", field: "spec.replicas")
    #expect(values(report) == [" → 1", "1 → 3"])
    let last = try #require(report.entries.last)
    #expect(last.commit?.author.name == "Ada Lovelace")
    #expect(last.commit?.pullRequest == "#12")
    #expect(last.commit?.reviewers == ["Cy <cy@example.com>"])
    #expect(report.entries.map(\.release) == ["v1", "v2"])
    let first = try #require(report.entries.first?.production.first)
    #expect(first.until == last.production.first?.since)
    #expect(last.production.count == 1 && last.production.first?.until == nil)
  }

  @Test func whatWasRolledBackIsToldToHaveLeftProduction() async throws {
    let site = try Site(["app/app.yaml": "pool: { size: 1 }\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(["app/app.yaml": "pool: { size: 2 }\n"])
    try await workspace.sync()
    try await workspace.rollback()
    let report = try await workspace.context().history(of: "app.yaml", field: "pool.size")
    #expect(values(report) == [" → 1", "1 → 2", "2 → 1"], "\(report)")
    #expect(report.entries[1].production.first?.until != nil)
    #expect(report.entries[2].production.first?.until == nil && !report.entries[2].production.isEmpty)
    let blame = try await workspace.context().blame(of: "app.yaml")
    #expect(blame.fields.map(\.commit?.summary) == [report.entries[2].commit?.summary])
    let before = try await workspace.context().blame(of: "app.yaml", at: ReleaseSelector(parsing: "v2"))
    #expect(before.fields.map(\.value) == ["2"])
  }

  @Test func productionHasAReleaseFromWhenItWasSwitchedOverWhileGatesAreStillAsked() async throws {
    let site = try Site(["app/app.yaml": "a: 1\n"])
    let gate = GateConfiguration(
      name: "slow", check: .command(["/bin/sh", "-c", "sleep 0.3"]), within: .seconds(10), interval: .milliseconds(20))
    let workspace = try await site.workspace([Site.Environment(gates: [gate])])
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\n"])
    try await workspace.sync()
    let context = try workspace.context()
    let last = try #require(
      try workspace.journal.events(of: context.name, in: context.repository.git).first {
        $0.payload.kind == "deployment.finished"
      })
    let reached = last.reached
    #expect(last.time - reached >= .milliseconds(250))
    func value(_ moment: Timestamp) async throws -> [String?] {
      try await context.blame(of: "app.yaml", at: .moment(moment)).fields.map(\.value)
    }
    #expect(try await value(reached) == ["2"], "while its gate was asked")
    #expect(try await value(reached.advanced(by: .milliseconds(-1))) == ["1"])
    let stays = try await context.history(of: "app.yaml").entries.map { $0.production.first }
    #expect(stays.last??.since == reached && stays.first??.until == reached)
  }

  @Test func whoWroteAValueOnABranchIsNamedBesideTheMerge() async throws {
    let site = try Site(["app/app.yaml": "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n"])
    try site.author.branch("side")
    let writer = try site.author.commit(
      files: ["app/app.yaml": "a: 2\nb: 1\nc: 1\nd: 1\ne: 1\n"], author: "Bo <bo@example.com>")
    let other = try site.author.commit(
      files: ["app/app.yaml": "a: 2\nb: 1\nc: 2\nd: 1\ne: 1\n"], author: "Cy <cy@example.com>")
    try site.author.checkout("main")
    try site.author.commit(files: ["app/app.yaml": "a: 1\nb: 1\nc: 1\nd: 1\ne: 2\n"])
    let merge = try site.author.merge("side")
    try site.publish()
    let workspace = try await site.workspace()
    try await workspace.sync()
    let report = try await workspace.context().history(of: "app.yaml")
    let entry = try #require(report.entries.last)
    #expect(try entry.commit?.revision == merge.content)
    #expect(try entry.values.map(\.writer) == [writer.content, other.content])
    #expect(entry.writers?.map(\.author.name) == ["Bo", "Cy"])
    let blame = try await workspace.context().blame(of: "app.yaml")
    #expect(blame.fields.map(\.commit?.author.name) == ["Bo", "Ada Lovelace", "Cy", "Ada Lovelace", "Ada Lovelace"])
    #expect(try blame.fields.map(\.merge?.revision) == [merge.content, nil, merge.content, nil, nil])
  }

  @Test func aDeploymentThatMovesToAnotherFileIsTheSame() async throws {
    let site = try Site(["app/web.yaml": Self.deployment(1), "app/b.yaml": Self.deployment(7, name: "api")])
    try site.push([
      "app/web.yaml": nil, "app/b.yaml": Self.deployment(7, name: "api") + "---\n" + Self.deployment(2),
    ])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let report = try await workspace.context().history(of: "Deployment/shop/web", field: "spec.replicas")
    #expect(values(report) == [" → 1", "1 → 2"])
    #expect(report.entries.last?.movedFrom == "app/web.yaml" && report.entries.last?.file == "app/b.yaml")
    #expect(
      try await values(workspace.context().history(of: "deployment/shop/api", field: "spec.replicas")) == [" → 7"])
  }

  @Test(arguments: [false, true])
  func aFileIsFollowedThroughItsRenames(changed: Bool) async throws {
    let text = "a: 1\nb: 2\nc: 3\nd: 4\n"
    let site = try Site(["app/old.yaml": text, "app/other.yaml": "z: 1\n"])
    try site.push(["app/old.yaml": nil, "app/new.yaml": changed ? text.replacing("4", with: "5") : text])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let report = try await workspace.context().history(of: "new.yaml")
    #expect(report.entries.count == 2)
    #expect(report.entries.last?.movedFrom == "app/old.yaml")
    #expect(report.entries.last?.values.map(\.field) == (changed ? ["d"] : []))
  }

  @Test func aCommitThatCannotBeReadIsShownAsThatAndTheRestIsRight() async throws {
    let site = try Site(["app/web.yaml": Self.deployment(1)])
    let broken = try site.push(["app/web.yaml": Self.deployment(2) + "x: [\n"])
    try site.push(["app/web.yaml": Self.deployment(3)])
    let workspace = try await site.workspace()
    try await workspace.sync()
    for subject in ["deployment/shop/web", "web.yaml"] {
      let report = try await workspace.context().history(of: subject, field: "spec.replicas")
      #expect(values(report) == [" → 1", "1 → 3"])
      #expect(try report.entries.filter { $0.problem != nil }.map(\.commit?.revision) == [broken.content])
    }
  }

  @Test func unknownNamesAreAnsweredWithTheNearest() async throws {
    let site = try Site(["app/web.yaml": Self.deployment(1)])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let context = try workspace.context()
    let resource = await #expect(throws: Fault.self) { try await context.history(of: "deployment/shop/wep") }
    #expect(resource?.description.contains("deployment/shop/web") == true, "\(String(describing: resource))")
    let file = await #expect(throws: Fault.self) { try await context.history(of: "wep.yaml") }
    #expect(file?.description.contains("web.yaml") == true, "\(String(describing: file))")
    let field = await #expect(throws: Fault.self) { try await context.history(of: "web.yaml", field: "spec.replica") }
    #expect(field?.description.contains("spec.replicas") == true, "\(String(describing: field))")
  }

  @Test func valuesOfSecretsAreNeverTold() async throws {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { a: hidden-1 }\n"
    let site = try Site([
      "app/secret.yaml": secret, "app/app.yaml": "password: hidden-2\nenv:\n  - { name: DB_TOKEN, value: hidden-3 }\n",
      "app/my.key": "hidden-4\n",
    ])
    try site.push([
      "app/secret.yaml": secret.replacing("hidden", with: "hidden-5"),
      "app/app.yaml":
        "password: hidden-6\nenv:\n  - { name: DB_TOKEN, value: hidden-7 }\n  - { name: DB_TOKEN, value: hidden-8 }\n",
    ])
    let workspace = try await site.workspace()
    try await workspace.sync()
    for subject in ["secret.yaml", "secret/s", "app.yaml", "my.key"] {
      let report = try await workspace.context().history(of: subject)
      let blame = try await workspace.context().blame(of: subject)
      let hidden = report.entries.flatMap(\.values).filter { $0.isSecret }
      #expect(!hidden.isEmpty)
      let said = try JSONEncoder().encode(report) + JSONEncoder().encode(blame)
      #expect(!String(decoding: said, as: UTF8.self).contains("hidden"))
    }
  }

  @Test func itemsOfListsAndTheFirstOfTwinsAreResources() async throws {
    let list = """
      apiVersion: v1
      kind: List
      items:
        - { apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { x: one } }
        - { apiVersion: v1, kind: ConfigMap, metadata: { name: b }, data: { x: two } }

      """
    let site = try Site([
      "app/list.yaml": list,
      "app/twin.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { x: other }\n",
    ])
    try site.push(["app/list.yaml": list.replacing("one", with: "1st")])
    try site.push(["app/list.yaml": list.replacing("name: a", with: "name: c")])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let context = try workspace.context()
    #expect(
      try await values(context.history(of: "configmap/a", field: "data.x")) == [" → one", "one → 1st", "1st → other"])
    #expect(try await values(context.history(of: "configmap/b", field: "data.x")) == [" → two"])
    #expect(try await values(context.history(of: "configmap/c", field: "data.x")) == [" → one"])
  }

  @Test func otherLineEndsBytesThatAreNoTextAndClocksThatGoBackDoNoHarm() async throws {
    let site = try Site(["app/app.yaml": "a: 1\nb: 2\n"])
    try site.author.commit(files: ["app/app.yaml": "a: 1\r\nb: 3\r\n"], date: 1_000)
    try site.author.git("config", "core.quotepath", "off")
    try FileManager.default.createDirectory(atPath: site.author.path + "/app", withIntermediateDirectories: true)
    _ = FileManager.default.createFile(
      atPath: site.author.path + "/app/app.yaml", contents: Data([0x61, 0x3A, 0x20, 0xFF, 0xFE, 0x0A]))
    try site.author.commit(date: 4_000_000_000)
    try site.author.commit(files: ["app/app.yaml": "a: 1\nb: 4\n"], date: 2_000)
    try site.publish()
    let workspace = try await site.workspace()
    try await workspace.sync()
    let report = try await workspace.context().history(of: "app.yaml", field: "b")
    #expect(values(report) == [" → 2", "2 → 3", "3 → 4"], "\(report)")
    #expect(report.entries.count == 4 && report.entries[2].problem != nil)
  }

  @Test func octopusAndCrissCrossMergesAreTold() async throws {
    let site = try Site(["app/a.yaml": "v: 1\n", "app/b.yaml": "v: 1\n", "app/c.yaml": "v: 1\n"])
    for name in ["a", "b"] {
      try site.author.branch(name, at: "main")
      try site.author.commit(
        files: ["app/\(name).yaml": "v: 2\n"], author: "\(name.uppercased()) <\(name)@example.com>")
    }
    try site.author.checkout("a")
    try site.author.git("branch", "a-before")
    try site.author.merge("b")
    try site.author.checkout("b")
    try site.author.merge("a-before")
    try site.author.branch("third", at: "main")
    try site.author.commit(files: ["app/c.yaml": "v: 2\n"], author: "C <c@example.com>")
    try site.author.checkout("main")
    try site.author.git("merge", "--quiet", "--no-ff", "-m", "All", "a", "b", "third")
    try site.publish()
    let workspace = try await site.workspace()
    try await workspace.sync()
    for name in ["a", "b", "c"] {
      let blame = try await workspace.context().blame(of: "\(name).yaml")
      #expect(blame.fields.map(\.commit?.author.name) == [name.uppercased()])
      #expect(blame.fields.first?.merge?.summary == "All")
    }
  }

  @Test func aHistoryThatWasRewrittenIsReadAgain() async throws {
    let site = try Site(["app/app.yaml": "a: 1\n"])
    try site.push(["app/app.yaml": "a: 2\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    #expect(try await values(workspace.context().history(of: "app.yaml")) == [" → 1", "1 → 2"])
    try site.author.git("reset", "--quiet", "--hard", "HEAD~1")
    try site.author.commit(files: ["app/app.yaml": "a: 3\n"], date: 4_000_000_000)
    try site.publish(force: true)
    try await workspace.fetch(workspace.repository("config"))
    let report = try await workspace.context().history(of: "app.yaml")
    #expect(values(report) == [" → 1", "1 → 2", "1 → 3"])
    #expect(report.entries.map(\.offBranch) == [nil, true, nil])
  }

  @Test(arguments: ["app.yaml", "deployment/shop/web"])
  func whatProductionRunsOfABranchThatWasRewrittenIsToldAndBlamedAsItIs(subject: String) async throws {
    let site = try Site(["app/app.yaml": Self.deployment(1, more: "  paused: false")])
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(["app/app.yaml": Self.deployment(2, more: "  paused: false")], "Two")
    let dropped = try site.push(["app/app.yaml": Self.deployment(2, more: "  paused: true")], "Paused")
    try await workspace.sync()
    try site.author.git("reset", "--quiet", "--hard", "HEAD~2")
    try site.author.commit(files: ["app/app.yaml": Self.deployment(3, more: "  paused: false")], date: 4_000_000_000)
    try site.publish(force: true)
    try await workspace.fetch(workspace.repository("config"))
    let context = try workspace.context()
    let blame = try await context.blame(of: subject)
    func field(_ name: String) throws -> BlameReport.Field { try #require(blame.fields.first { $0.field == name }) }
    #expect(blame.release == "v3")
    #expect(try field("spec.replicas").value == "2" && field("spec.replicas").commit?.summary == "Two")
    #expect(try field("spec.replicas").release == "v2" && field("spec.replicas").since != nil)
    #expect(try field("spec.paused").value == "true" && field("spec.paused").commit?.revision == dropped.content)
    #expect(try field("kind").commit?.summary == "Change" && field("kind").release == "v1")

    let report = try await context.history(of: subject, field: "spec")
    #expect(report.entries.map(\.offBranch) == [nil, true, true, nil])
    #expect(values(report).contains("1 → 2") && values(report).contains("1 → 3"))
    #expect(report.entries.map { $0.production.count } == [1, 0, 1, 0], "one deployment brought both")
    #expect(report.entries[0].production.first?.until == report.entries[2].production.first?.since)
    let paused = try await context.history(of: subject, field: "spec.replicas")
    #expect(paused.entries.map { $0.production.count } == [1, 1, 0])
  }

  @Test func aCommitWhoseRevertIsOwedIsBlamedByTheRevert() async throws {
    let transfer = Interposed()
    let site = try Site(["app/app.yaml": "a: 1\nb: 1\nc: 1\nd: 1\n"])
    let workspace = try await site.workspace(transfer: transfer)
    try await workspace.sync()
    let bad = try site.push(["app/app.yaml": "a: 2\nb: 1\nc: 1\nd: 1\n"], "Bad")
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\nb: 1\nc: 1\nd: 2\n"], "Good")
    try await workspace.sync()
    transfer.isAway = true
    try await workspace.rollback(.commit(bad.hex))
    #expect(site.live() == "a: 1\nb: 1\nc: 1\nd: 2\n")
    let context = try workspace.context()
    let blame = try await context.blame(of: "app.yaml")
    #expect(blame.fields.map(\.value) == ["1", "1", "1", "2"])
    #expect(blame.fields.map(\.commit?.summary) == ["Revert \"Bad\"", "Change", "Change", "Good"])
    let report = try await context.history(of: "app.yaml", field: "a")
    #expect(values(report) == [" → 1", "1 → 2", "2 → 1"])
    #expect(report.entries.last?.offBranch == true && report.entries.last?.production.first?.until == nil)
  }

  @Test func sinceWhenProductionHasAValueIsTheLastTimeThatItGotIt() async throws {
    let transfer = Interposed()
    let site = try Site(["app/app.yaml": "a: 1\nb: 1\n"])
    let workspace = try await site.workspace(transfer: transfer)
    try await workspace.sync()
    try site.push(["app/app.yaml": "a: 2\nb: 1\n"])
    try await workspace.sync()
    transfer.isAway = true
    try await workspace.rollback()
    let context = try workspace.context()
    let fields = try await context.blame(of: "app.yaml").fields
    let stays = try await context.history(of: "app.yaml", field: "a").entries.first?.production ?? []
    #expect(stays.count == 2)
    #expect(fields.map(\.since) == [stays.last?.since, stays.first?.since], "b never left")
  }

  @Test func aCommitAtATimeGivesTheSameAsAllAtOnce() async throws {
    let site = try Site(["app/a.yaml": Self.deployment(1)])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let contents: [[String: String?]] = [
      ["app/a.yaml": Self.deployment(2)], ["app/a.yaml": nil, "app/b.yaml": Self.deployment(2)],
      ["app/b.yaml": Self.deployment(2) + "\nx: ["], ["app/b.yaml": Self.deployment(4)],
      ["app/a.yaml": Self.deployment(5)],
      ["app/a.yaml": nil], ["app/b.yaml": nil], ["app/b.yaml": Self.deployment(6)],
    ]
    for files in contents {
      try site.push(files)
      try await workspace.fetch(workspace.repository("config"))
      _ = try await workspace.context().history(of: "deployment/shop/web")
    }
    let steps = try await entries(workspace, ["deployment/shop/web", "b.yaml"])
    _ = try workspace.rebuildIndex()
    let whole = try await entries(workspace, ["deployment/shop/web", "b.yaml"])
    #expect(steps == whole)
    #expect(whole[0].count > 6)
  }

  @Test func aLongHistoryReadByTwoAtOnceIsTheSameAsOneReadAsItCame() async throws {
    let site = try Site(["app/a.yaml": Self.deployment(0) + "\n---\n" + Self.deployment(0, name: "api")])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let last = 150
    for number in 1...last {
      let web = Self.deployment(number, more: number % 9 == 0 ? "x: [" : number % 5 == 0 ? "  paused: true" : "")
      let api = Self.deployment(number / 7, name: "api")
      let documents = number % 30 < 15 ? [web, api] : [api, web]
      let text: String? = number == 70 || number == 110 ? nil : documents.joined(separator: "\n---\n")
      try site.author.commit(files: ["app/a.yaml": text])
      guard number % 40 == 0 || number == last else { continue }
      try site.publish()
      try await workspace.fetch(workspace.repository("config"))
      for subject in ["deployment/shop/web", "a.yaml"] { _ = try await workspace.context().history(of: subject) }
    }
    let subjects = ["deployment/shop/web", "deployment/shop/api", "a.yaml"]
    let steps = try await entries(workspace, subjects)
    _ = try workspace.rebuildIndex()
    let whole = try await entries(workspace, subjects)
    #expect(whole == steps)
    #expect(steps[2].count > 130)
  }

  @Test func blameOfAReleaseFindsWhatBlameOfThePresentFoundThen() async throws {
    let site = try Site(["app/a.yaml": "a: 1\nb: 1\npassword: x\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    var then = [try await workspace.context().blame(of: "a.yaml", at: .newest)]
    for text in ["a: 2\nb: 1\npassword: x\n", "a: 2\nb: [\n", "a: 2\nc: 1\npassword: y\n", "b: 1\na: 3\n"] {
      try site.push(["app/a.yaml": text])
      try await workspace.sync()
      then.append(try await workspace.context().blame(of: "a.yaml", at: .newest))
    }
    for (place, blame) in then.enumerated() {
      let now = try await workspace.context().blame(of: "a.yaml", at: .number(ReleaseNumber(place + 1)))
      let (found, expected) = (try text(now), try text(blame))
      #expect(found == expected)
    }
    #expect(then[2].problem != nil && then[2].fields.map(\.field) == ["a", "b", "password"])
  }

  @Test func valuesThatWereDamagedAreReadAgain() async throws {
    let site = try Site(["app/a.yaml": Self.deployment(1)])
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.push(["app/a.yaml": Self.deployment(2)])
    try await workspace.sync()
    let context = try workspace.context()
    let history = try await context.history(of: "a.yaml").entries
    let expected = try await text(context.blame(of: "a.yaml"))
    for statement in ["UPDATE run SET bytes = x'05'", "UPDATE present SET bytes = x'ff'", "UPDATE run SET bytes = 7"] {
      let index = try DatabaseQueue(path: context.state.path + "/history.sqlite")
      try await index.write { try $0.execute(sql: statement) }
      let entries = try await context.history(of: "a.yaml").entries
      #expect(entries == history)
      let found = try await text(context.blame(of: "a.yaml"))
      #expect(found == expected)
    }
  }

  @Test func changesByHandStandBetweenTheCommitsAndAreBlamedWhileTheyLast() async throws {
    let site = try Site(["app/app.yaml": "pool: { size: 1 }\n"])
    let workspace = try await site.workspace()
    try await workspace.sync()
    let context = try workspace.context()
    let drift = Drift(
      id: try #require(Identifier("01KDVDNA01S0M3RAND0MB1TSXX")),
      difference: Difference(
        object: ObjectName(written: "current/app.yaml"), kind: .changed,
        fields: [FieldChange(.value, "pool.size", old: "1", new: "64")], fingerprint: "x"),
      attribution: Attribution(certainty: .certain, login: "ann", program: "vim"))
    try await record(.driftDetected(DriftDetected([drift], release: nil)), workspace)
    let live = try await context.blame(of: "app.yaml")
    #expect(live.fields.map(\.value) == ["64"])
    #expect(live.fields.first?.hand?.by?.person == "ann")
    var undone = drift
    undone.difference.fields = [FieldChange(.value, "more", old: nil, new: "x")]
    undone.difference.fingerprint = "y"
    undone.attribution = Attribution(certainty: .certain, login: "bo")
    try await record(.driftChanged(DriftChanged([undone])), workspace)
    let again = try await context.blame(of: "app.yaml")
    #expect(again.fields.map(\.value) == ["1", "x"], "what was put back meanwhile is the commit's again")
    #expect(again.fields.map(\.hand?.by?.person) == [nil, "bo"])
    try await record(
      .driftResolved(DriftResolved([DriftResolved.Item(id: drift.id, object: drift.object)], .healed)), workspace)
    try site.push(["app/app.yaml": "pool: { size: 2 }\n"])
    try await workspace.sync()
    let report = try await context.history(of: "app.yaml", field: "pool.size")
    #expect(report.entries.map(\.kind) == [.commit, .hand, .hand, .commit])
    #expect(values(report) == [" → 1", "1 → 64", "64 → 1", "1 → 2"])
    #expect(report.entries[1].hand?.changedAgain != nil && report.entries[2].hand?.ended?.how == .healed)
    #expect(try await context.blame(of: "app.yaml").fields.map(\.value) == ["2"])
  }

  @Test func resourcesThatAProgramRendersAreToldFromReleasesAndFilesFromInputs() async throws {
    let script = """
      printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: { name: pool }\\ndata: { size: "%s" }\\n' "$(cat app/pool)" > $0/a.yaml
      """
    var environment = Site.Environment()
    environment.renderer = RendererConfiguration(.command(["/bin/sh", "-c", script, "{output}"]))
    let site = try Site(["app/pool": "8\n"])
    let workspace = try await site.workspace([environment])
    try await workspace.sync()
    let second = try site.push(["app/pool": "9\n"])
    try await workspace.sync()
    let context = try workspace.context()
    let report = try await context.history(of: "configmap/pool", field: "data.size")
    #expect(values(report) == [" → \"8\"", "\"8\" → \"9\""])
    #expect(try report.entries.last?.commit?.revision == second.content)
    #expect(report.entries.map(\.release) == ["v1", "v2"] && report.entries.last?.production.count == 1)
    #expect(try await context.history(of: "app/pool").entries.count == 2)
    #expect(try await context.blame(of: "configmap/pool").fields.last?.value == "\"9\"")
  }

  private func record(_ payload: Event.Payload, _ workspace: Workspace) async throws {
    let context = try workspace.context()
    let head = try context.head()
    let time = try #require(head.state.lastEvent).advanced(by: .milliseconds(5))
    let event = Event(
      id: Identifier(at: time), time: time, initiator: Site.person, source: workspace.journal.source,
      environment: context.configuration.name, payload: payload)
    _ = try await workspace.journal.append(
      [JournalEntry(event: event)], to: head, of: context.configuration.name, in: context.repository.git)
  }
}
