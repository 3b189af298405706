import FoundationEssentials
import Git
import Mooring
import MooringModel
import MooringTestSupport
import Testing

/// What was rolled back stays out of production, whatever brings it back.
@Suite(.inTurn) struct QuarantineTests {
  private static let manifest = """
    # the shop
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 2
      template: {spec: {containers: [{name: web, image: "r/web:1"}, {name: log, image: "r/log:7"}]}}

    """

  private static func manifest(replicas: Int = 2, web: String = "r/web:1", log: String = "r/log:7") -> String {
    manifest.replacing("replicas: 2", with: "replicas: \(replicas)").replacing("r/web:1", with: web)
      .replacing("r/log:7", with: log)
  }

  /// A site where a release was deployed, and rolled back by a person.
  private func rolledBack(
    from bad: [String: String?], _ good: [String: String?], time: Time = .system, policy: Policy = Policy()
  ) async throws -> (Site, Workspace) {
    let site = try Site(good)
    let workspace = try await site.workspace([.init(policy: policy)], time: time)
    try await workspace.sync()
    try site.push(bad, "Bad")
    try await workspace.sync()
    let report = try await workspace.rollback()
    #expect(report.refusals.isEmpty, "\(report.said)")
    try site.pull()
    return (site, workspace)
  }

  private static let files = ["app/app.yaml": "a: 1\nb: 1\nc: 1\n", "app/motd": "hello\n"]
  private static let bad = ["app/app.yaml": "a: 2\nb: 2\nc: 1\n", "app/motd": "hello\n"]

  @Test(
    "keeps a candidate out where every field that the bad release changed has its bad value again, and only then",
    arguments: [
      // In another order, with comments, with something else besides.
      ("# again\nb: 2\na: 2\nc: 5\n", "fields"), ("a: 2\nb: 3\nc: 1\n", nil), ("a: 2\nb: 1\nc: 1\n", nil),
      ("a: '2'\nb: 2\nc: 1\n", nil), ("a: 3\nb: 3\nc: 3\n", nil), ("a: 2\nb: 2\nc: 1\n", "digest"),
    ] as [(String, String?)])
  func everyField(text: String, rule: String?) async throws {
    let (site, workspace) = try await rolledBack(from: Self.bad, Self.files)
    try site.push(["app/app.yaml": text], "Next")
    let report = try await workspace.poll()
    #expect(try await StatusReport(workspace.context()).blocked?.rule == rule, "\(report.kinds)")
    #expect(site.live() == (rule == nil ? text : "a: 1\nb: 1\nc: 1\n"))
    #expect(report.kinds.contains("quarantineBlocked") == (rule != nil))
  }

  @Test func anImageThatARobotBringsBackIsStoppedAndTheNextOneIsNot() async throws {
    let (site, workspace) = try await rolledBack(
      from: ["app/web.yaml": Self.manifest(replicas: 3, web: "r/web:2")], ["app/web.yaml": Self.manifest])
    // A robot bumps the image alone, and something else beside it.
    try site.push(["app/web.yaml": Self.manifest(web: "r/web:2", log: "r/log:8")], "Bump")
    try await workspace.poll()
    let blocked = try #require(try await StatusReport(workspace.context()).blocked)
    #expect(blocked.rule == "image")
    #expect(
      blocked.message.contains("r/web:2 (web.yaml: spec.template.spec.containers[name=web].image) back from v2"),
      "\(blocked.message)")
    #expect(site.live("web.yaml") == Self.manifest)
    try site.push(["app/web.yaml": Self.manifest(web: "r/web:3", log: "r/log:8")], "Bump")
    try await workspace.poll()
    #expect(site.live("web.yaml")?.contains("r/web:3") == true)
    #expect(try await StatusReport(workspace.context()).blocked == nil)
  }

  @Test func aMergeThatBringsItBackIsStopped() async throws {
    let site = try Site(Self.files)
    let workspace = try await site.workspace()
    try await workspace.sync()
    try site.author.branch("feature")
    try site.author.commit("Bad", files: ["app/app.yaml": "a: 2\nb: 1\nc: 1\n"])
    try site.author.checkout("main")
    try site.author.merge("feature")
    try site.publish()
    try await workspace.sync()
    try await workspace.rollback()
    try site.pull()
    try site.author.checkout("feature")
    try site.author.commit("Bad once more", files: ["app/app.yaml": "a: 2\nb: 1\nc: 1\n", "app/motd": "new\n"])
    try site.author.checkout("main")
    try site.author.git("merge", "--quiet", "-X", "theirs", "--no-edit", "feature")
    try site.author.git("checkout", "--quiet", "feature", "--", "app/app.yaml")
    try site.author.git("commit", "--quiet", "--amend", "--no-edit")
    try site.publish()
    let report = try await workspace.poll()
    #expect(report.kinds.contains("quarantineBlocked"), "\(report.kinds)")
    #expect(site.live() == "a: 1\nb: 1\nc: 1\n" && site.live("motd") == "hello\n")
  }

  @Test func aFileThatCameAndATextThatChangedCountAsAWhole() async throws {
    let (site, workspace) = try await rolledBack(
      from: ["app/motd": "bad\n", "app/new.sh": "rm\n"], Self.files)
    try site.push(["app/motd": "bad\n"], "Half of it")
    try await workspace.poll()
    #expect(site.live("motd") == "bad\n")
    try site.push(["app/new.sh": "rm\n", "app/app.yaml": "a: 9\n"], "The rest")
    try await workspace.poll()
    #expect(try await StatusReport(workspace.context()).blocked?.rule == "fields")
    #expect(site.live("new.sh") == nil)
  }

  @Test func whatRunsAnywayBringsNothingBack() async throws {
    let (site, workspace) = try await rolledBack(from: Self.bad, Self.files)
    // A person means it: everything that stands in the way is lifted, also under another commit.
    try site.push(["app/app.yaml": "a: 2\nb: 2\nc: 7\n"], "Again")
    try await workspace.poll()
    #expect(try await StatusReport(workspace.context()).blocked != nil)
    try await workspace.sync()
    #expect(site.live() == "a: 2\nb: 2\nc: 7\n")
    #expect(try workspace.state().quarantine.entries.isEmpty)
    try site.push(["app/app.yaml": "a: 2\nb: 2\nc: 8\n"], "And on")
    try await workspace.poll()
    #expect(site.live() == "a: 2\nb: 2\nc: 8\n")
  }

  @Test func aFailureFromLongAgoKeepsNothingOut() async throws {
    let clock = Clock()
    let (site, workspace) = try await rolledBack(
      from: Self.bad, Self.files, time: clock.time,
      policy: Policy(rollback: RollbackPolicy(quarantineFor: .seconds(3600))))
    clock.move(by: 3601)
    try site.push(["app/app.yaml": "a: 2\nb: 2\nc: 1\n"], "The database is ready for it now")
    try await workspace.poll()
    #expect(site.live() == "a: 2\nb: 2\nc: 1\n")
    #expect(try QuarantineReport(workspace.context()).entries.map(\.expired) == [true])
  }

  @Test func itIsListedWithWhatChangedAndLifted() async throws {
    let (site, workspace) = try await rolledBack(from: Self.bad, Self.files)
    let context = try workspace.context()
    let entry = try #require(try QuarantineReport(context).entries.first)
    #expect(entry.fields?.map(\.description) == ["app.yaml: a: 1 → 2", "app.yaml: b: 1 → 2"])
    #expect(entry.release == "v2" && !entry.expired && entry.until != nil)
    for name in ["v2", entry.revision, String(entry.revision.prefix(8)), String(entry.digest.prefix(10))] {
      #expect(try context.quarantined(name).revision.hex == entry.revision)
    }
    for name in ["v1", "abc", "", "0000000000", "v22"] {
      #expect(throws: Fault.self) { try context.quarantined(name) }
    }
    try await workspace.ask(.liftQuarantine(context.quarantined("v2").digest, reason: "it was the network"))
    try site.push(["app/app.yaml": "a: 2\nb: 2\nc: 1\n"], "Again")
    try await workspace.poll()
    #expect(site.live() == "a: 2\nb: 2\nc: 1\n")
  }

  @Test func secretsAreComparedAndNeitherListedNorTold() async throws {
    let (site, workspace) = try await rolledBack(
      from: ["app/app.yaml": "user: x\npassword: swordfish-2\n", "app/db.secret": "swordfish-3\n"],
      ["app/app.yaml": "user: x\npassword: swordfish-1\n", "app/db.secret": "swordfish-0\n"])
    try site.push(["app/app.yaml": "user: y\npassword: swordfish-2\n", "app/db.secret": "swordfish-3\n"], "Again")
    try await workspace.poll()
    let status = try await StatusReport(workspace.context())
    #expect(status.blocked?.rule == "fields")
    let journal = try site.author.git(
      "--git-dir", site.folder["state/repositories/config.git"], "log", "-p", "refs/mooring/journal/production", "--",
      "event.json", "events")
    #expect(journal.contains("app.yaml") && !journal.contains("swordfish"))
    let report = try JSONEncoder().encode(QuarantineReport(workspace.context()))
    #expect(!String(decoding: report, as: UTF8.self).contains("swordfish"))
  }

  @Test func moreThanCanBeComparedCountsByItsDigestAndItsImages() async throws {
    let many = Dictionary(uniqueKeysWithValues: (0..<1100).map { ("app/f\($0)", Optional("1\n")) })
    let changed = many.mapValues { _ in Optional("2\n") }
    let (site, workspace) = try await rolledBack(from: changed, many.merging(Self.files) { $1 })
    let entry = try #require(try QuarantineReport(workspace.context()).entries.first)
    #expect(entry.fields?.count == 50 && entry.more == 1050)
    try site.push(changed.merging(["app/motd": "else\n"]) { $1 }, "Again, and more")
    try await workspace.poll()
    #expect(site.live("f7") == "2\n")
  }
}
