import Testing

@testable import MooringModel

@Suite("The joined record") struct AuditRecordTests {
  private var story: [Event] = []
  private var clock: Int64 = 0

  private mutating func say(_ payload: Event.Payload, by who: Initiator = .watcher) {
    clock += 60_000
    let time = Timestamp(milliseconds: morning.milliseconds + clock)
    story.append(
      Event(
        id: Identifier(at: time, random: (UInt64(story.count), 0)), time: time, initiator: who, source: "here/1",
        environment: production, payload: payload))
  }

  private mutating func deploy(_ number: Int, _ outcome: DeploymentOutcome = .verified, live: Int? = nil) {
    let id = identifier("D\(story.count)")
    say(
      .deploymentStarted(
        DeploymentStarted(
          deployment: id, trigger: .revision, release: v(number),
          plan: deploymentPlan(from: digest(number - 1), to: digest(number)))))
    say(.deploymentFinished(DeploymentFinished(deployment: id, outcome: outcome, live: digest(live ?? number))))
  }

  private var production: EnvironmentName {
    get { do { return try EnvironmentName("production") } catch { preconditionFailure("\(error)") } }
  }

  private func entries(_ kind: AuditEntry.Kind, _ period: AuditPeriod = AuditPeriod()) -> [AuditEntry] {
    AuditRecord(joining: story).entries(in: period).filter { $0.kind == kind }
  }

  @Test("says when a change reached production and when it left, also one that a later one brought along")
  mutating func changes() {
    say(.release(release(1)))
    deploy(1)
    let first = clock
    for number in 2...3 { say(.release(release(number))) }
    deploy(3)
    let changes = entries(.change)
    #expect(changes.map(\.release) == ["v1", "v2", "v3"])
    #expect(changes[0].reachedProduction?.milliseconds == morning.milliseconds + first)
    #expect(changes[0].leftProduction == story.last?.time && changes[2].leftProduction == nil)
    #expect(changes[1].reachedProduction == story.last?.time && changes[1].leftProduction == story.last?.time)
  }

  @Test("production has a release from when it was switched over, and not from when its gates held")
  mutating func reached() {
    say(.release(release(1)))
    deploy(1)
    say(.release(release(2)))
    let id = identifier("D9")
    say(
      .deploymentStarted(
        DeploymentStarted(
          deployment: id, trigger: .revision, release: v(2), plan: deploymentPlan(from: digest(1), to: digest(2)))))
    let moment = Timestamp(milliseconds: morning.milliseconds + clock + 1_000)
    say(
      .deploymentFinished(
        DeploymentFinished(deployment: id, outcome: .failed, live: digest(2), detail: "gate", reached: moment)))
    let changes = entries(.change)
    #expect(changes.map(\.reachedProduction).last == moment && changes.first?.leftProduction == moment)
    let spans = ProductionSpan.all(of: story)
    #expect(spans.map(\.since).last == moment && spans.first?.until == moment)
  }

  @Test("a rollback tells where its revert waits and whether it helped, and a union that another journal was taken in")
  mutating func followUps() {
    say(.release(release(1)))
    let id = identifier("R1")
    say(
      .rollbackStarted(
        RollbackStarted(
          rollback: id, automatic: false, reason: "5xx", from: v(2), to: v(1), undone: [revision(2)], revert: nil,
          ranBefore: true)))
    let request = PullRequest(number: 12, url: "https://host.example/12", branch: "mooring/revert-x")
    say(.revertProposed(RevertProposed(rollback: id, commit: content(9), request: request)))
    #expect(entries(.rollback).first?.endedBy?.contains("revert waits in") == true)
    say(.revertDeclined(RevertDeclined(rollback: id, commit: content(9), request: request)))
    #expect(entries(.rollback).first?.endedBy?.contains("was closed unmerged") == true)
    let given = VerdictGiven(
      on: UnjudgedRollback(
        rollback: id, from: v(2), badSince: morning, started: morning, restored: morning.advanced(by: .seconds(61))),
      by: [], VerdictPolicy())
    say(.verdict(given))
    #expect(entries(.rollback).first?.summary.contains("; verdict: \(given.verdict.rawValue): ") == true)
    say(.union(JournalUnion(other: content(7))))
    #expect(entries(.union).first?.commit == content(7))
  }

  @Test("a gap that goes on is in every period since, and has no end")
  mutating func openGap() {
    say(.release(release(1)))
    var record = AuditRecord(joining: story)
    let now = morning.advanced(by: .seconds(7_200))
    record.note(unwatchedSince: morning, until: now, story[0])
    let gap = record.entries(in: AuditPeriod(since: morning.advanced(by: .seconds(3_600)))).first { $0.kind == .gap }
    #expect(gap?.summary == "nobody watches, for 2 h by now" && gap?.until == nil)
  }

  @Test("a release that failed before it ran never reached production")
  mutating func failures() {
    for number in 1...2 { say(.release(release(number))) }
    deploy(2, .failed, live: 1)
    #expect(entries(.change).allSatisfy { $0.reachedProduction == nil })
    #expect(entries(.deployment).map(\.outcome) == ["failed"])
  }

  @Test("a drift is one entry, from its change to its end, in every period that it reaches into")
  mutating func drift() {
    let difference = Difference(
      object: ObjectName(path: "app.yaml".utf8), kind: .changed,
      fields: [FieldChange(.value, "pool.size", old: "32", new: "64")], fingerprint: "f")
    let drift = Drift(
      id: identifier("F1"), difference: difference, attribution: Attribution(certainty: .certain, login: "ann"))
    let window = Window(since: morning, until: Timestamp(milliseconds: morning.milliseconds + 600_000))
    say(.driftDetected(DriftDetected([drift], unattended: window, release: v(1))))
    let open = Timestamp(milliseconds: morning.milliseconds + 3_600_000)
    #expect(entries(.drift, AuditPeriod(since: open)).count == 1, "it is still open then")
    say(.driftResolved(DriftResolved([.init(id: drift.id, object: drift.object)], .healed)))
    let entry = entries(.drift).first
    #expect(entry?.by == "ann" && entry?.outcome == "healed" && entry?.endedBy == "mooring")
    #expect(entry?.fields.map(\.description) == ["pool.size: 32 → 64"])
    #expect(entries(.drift, AuditPeriod(since: open)).isEmpty)
    say(.unattended(window))
    #expect(entries(.gap).map(\.summary) == ["nobody watched for 10 min"], "told twice, and one gap")
  }

  @Test("a change is in every period in which production runs it, and a quarantine in every one until it is lifted")
  mutating func reachingIn() {
    say(.release(release(1)))
    deploy(1)
    say(.release(release(2)))
    say(
      .quarantine(
        QuarantineEntry(
          revision: content(2), digest: digest(2), number: ReleaseNumber(2), rollback: identifier("R1"), reason: "5xx"))
    )
    let later = Timestamp(milliseconds: morning.milliseconds + clock + 1)
    #expect(entries(.change, AuditPeriod(since: later)).map(\.release) == ["v1"], "it runs, and v2 never did")
    #expect(entries(.quarantine, AuditPeriod(since: later)).count == 1)
    #expect(entries(.change, AuditPeriod(since: later, until: later)).map(\.release) == ["v1"])
    deploy(2)
    say(
      .quarantineLifted(QuarantineLifted(digest: digest(2), reason: "fixed")),
      by: Initiator(kind: .person, name: "ann", door: .command))
    let entry = entries(.quarantine).first
    #expect(entry?.until == story.last?.time && entry?.outcome == "lifted: fixed" && entry?.endedBy == "ann")
    let end = Timestamp(milliseconds: morning.milliseconds + clock + 1)
    #expect(entries(.change, AuditPeriod(since: end)).map(\.release) == ["v2"])
    #expect(entries(.quarantine, AuditPeriod(since: end)).isEmpty)
  }

  @Test("every kind of entry has a section in the report", arguments: AuditEntry.Kind.allCases)
  func sections(of kind: AuditEntry.Kind) throws {
    let event = Event(
      id: identifier("A1"), time: morning, initiator: .watcher, source: "here/1", environment: production,
      payload: .note(Note(text: "")))
    let entry = AuditEntry(kind, event, summary: "what happened")
    #expect(AuditMarkdown(title: "t", facts: [], [entry]).text.contains("what happened"))
  }

  @Test("what commits say of reviewers and pull requests is read as people write it")
  func commits() {
    func facts(_ message: String, _ trailers: [(key: String, value: String)] = []) -> CommitFacts {
      CommitFacts(author: "Ada", committer: "Bo", message: message, trailers: trailers)
    }
    #expect(facts("Merge pull request #12 from x/y").pullRequest == "#12")
    #expect(facts("Fix it (#7)\n\nbecause").pullRequest == "#7")
    #expect(facts("Merge\n\nSee merge request shop/config!34").pullRequest == "shop/config!34")
    #expect(facts("Close issue #7 at last").pullRequest == nil)
    let signed = facts(
      "x", [("reviewed-by", "Cy"), ("Co-authored-by", "Di"), ("Acked-By", "Ed"), ("Pull-Request", "9")])
    #expect(signed.approvedBy == ["Cy", "Ed"] && signed.coAuthors == ["Di"] && signed.pullRequest == "9")
  }

  @Test("a spreadsheet runs nothing of it, and RFC 4180 reads it back")
  mutating func commaSeparated() {
    for text in ["=1+1", " @SUM(A1)", "＝1", "a \"b\", c\r\nd", "plain"] { say(.note(Note(text: text))) }
    let lines = AuditCSV(entries(.note)).text
    for safe in [",'=1+1,", ",' @SUM(A1),", ",'＝1,", ",\"a \"\"b\"\", c\r\nd\",", ",plain,"] {
      #expect(lines.contains(safe), "\(safe) in \(lines)")
    }
    #expect(lines.hasPrefix(AuditCSV.columns.joined(separator: ",") + "\r\n") && lines.hasSuffix("\r\n"))
  }

  @Test("a report has nothing in it but text")
  mutating func markdown() {
    say(.note(Note(text: "<script>|`x` [a](b)\n# no")))
    let text = AuditMarkdown(title: "t", facts: [], entries(.note)).text
    #expect(text.contains("&lt;script&gt;\\|\\`x\\` \\[a\\](b) \\# no"), "\(text)")
  }

  @Test("what a story can't be without is missed where somebody took it out")
  mutating func order() {
    say(.release(release(1)))
    deploy(1)
    say(.release(release(3)))
    func problems(_ events: [Event]) -> [String] {
      var order = StoryOrder(of: production)
      return events.compactMap { order.problem(with: $0) }
    }
    #expect(problems(story) == ["v2 is missing before it"])
    var dropped = Array(story.dropLast())
    dropped.remove(at: 1)
    #expect(problems(dropped).first?.contains("the beginning of its deployment") == true)
    var swapped = Array(story.dropLast())
    swapped.swapAt(0, 1)
    #expect(problems(swapped).first?.contains("it is older than the event before it") == true)
    #expect(problems(story.dropLast() + [story[0]]).count == 1)
  }
}
