import Documents
import MooringModel
import Testing

/// What history is made of, as values.
@Suite struct HistoryValueTests {
  @Test(
    arguments: [
      // GitHub, and squashed anywhere
      ("Raise the limit (#12)", "", "#12"), ("Merge pull request #7 from ann/limit", "Raise it", "#7"),
      // GitLab
      ("Merge branch 'limit' into 'main'", "Raise it\n\nSee merge request platform/config!42\n", "platform/config!42"),
      // Gitea and Forgejo
      ("Merge pull request 'Raise it' (#8) from limit into main", "", "#8"),
      ("Merge pull request 'Undo ''it'' (#3)' (#9) from limit into main", "", "#9"),
      // Bitbucket's cloud, and its server
      ("Merged in limit (pull request #10)", "", "#10"), ("Pull request #11: Raise it", "", "#11"),
      ("Merge pull request #13 in SHOP/config from limit to main", "", "#13"),
      // Azure
      ("Merged PR 14: Raise it", "", "#14"),
      ("Raise the limit (see #12)", "", nil), ("Fix (#12a)", "", nil), ("Merge pull request #", "", nil), ("", "", nil),
      ("Close issue #7 at last", "", nil),
    ] as [(String, String, String?)])
  func pullRequestsAreFoundInMessages(summary: String, body: String, expected: String?) {
    let message = summary + "\n\n" + body
    #expect(PullRequestMention.reference(message: message) == expected)
    #expect(CommitFacts(author: "Ada", committer: "Bo", message: message, trailers: []).pullRequest == expected)
    #expect(PullRequestMention.reference(message: message, trailers: [(key: "Pull-Request", value: "9")]) == "9")
  }

  @Test(arguments: [
    ("spec.replicas", "spec.replicas", true), ("spec.replicas", "spec", true), ("spec.replicas", "spec.rep", false),
    ("a[name=x].b", "a", true), ("a[name=x].b", "a[name=x]", true), ("ab", "a", false), ("a", "", true),
  ])
  func aFieldConcernsWhatItLiesBelow(field: String, asked: String, expected: Bool) {
    #expect(HistoricValue(field: field, old: "1", new: "2", kind: .changed).concerns(asked) == expected)
  }

  @Test func objectsOfFilesAreFoundWithTheBytesByWhichTheyChange() throws {
    let text =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: example.com/v1\nkind: Thing\nmetadata: { name: b, namespace: n }\n"
    guard case .objects(let places) = FileObjects(in: Array(text.utf8), isJSON: false) else {
      Issue.record("it can be read")
      return
    }
    #expect(places.map(\.name.string) == ["configmap/a", "thing.example.com/n/b"])
    #expect(!places.map(\.bytes).contains(nil))
    guard case .unreadable = FileObjects(in: Array("a: [".utf8), isJSON: false) else {
      Issue.record("it can't be read")
      return
    }
  }

  @Test func handsAndCommitsStandOnOneLineOfTimeWhateverClocksSay() {
    func commit(_ position: Int, at seconds: Int64) -> HistoryEntry {
      let person = HistoricCommit.Person(name: "Ann", email: "ann@example.com")
      let time = Timestamp(milliseconds: seconds * 1000)
      let commit = HistoricCommit(
        revision: content(position), author: person, authored: time, committer: person, committed: time,
        summary: "change \(position)", trailers: [], pullRequest: nil, isMerge: false, isSigned: false)
      let change = HistoricChange(position: position, file: "app.yaml")
      return HistoryEntry(CommittedChange(change, by: commit), release: ReleaseNumber(position), signature: nil)
    }
    func span(_ number: Int, _ since: Int64, _ until: Int64?) -> HistoryTimeline.Span {
      HistoryTimeline.Span(
        ProductionSpan(
          release: v(number), since: Timestamp(milliseconds: since * 1000),
          until: until.map { Timestamp(milliseconds: $0 * 1000) }), position: number)
    }
    // The second commit claims a time far ahead, and was in production long before that; the third claims the past.
    let entries = HistoryTimeline.join(
      [commit(1, at: 100), commit(3, at: 9_000), commit(5, at: 50)], at: [1, 3, 5], [],
      [span(1, 110, 200), span(2, 200, 300), span(4, 300, 400), span(1, 400, 500), span(5, 500, nil)])
    #expect(entries.map { $0.production.map(\.since.seconds) } == [[110, 400], [300], [500]])
    #expect(entries.map { $0.production.map { $0.until?.seconds } } == [[300, 500], [400], [nil]])
  }

  // MARK: Hands

  private static func field(_ name: String, _ old: String, _ new: String) -> FieldChange {
    FieldChange(.value, name, old: old, new: new)
  }

  private func drift(_ fields: [FieldChange], _ fingerprint: String, by login: String?) -> Drift {
    Drift(
      id: identifier("F1"),
      difference: Difference(
        object: ObjectName(written: "app.yaml"), kind: .changed, fields: fields, fingerprint: fingerprint),
      attribution: login.map { Attribution(certainty: .certain, login: $0) })
  }

  private func hands(_ payloads: Event.Payload...) throws -> [HandChange] {
    let environment = try EnvironmentName("production")
    return HandChange.all(
      of: payloads.enumerated().map { place, payload in
        let time = Timestamp(milliseconds: morning.milliseconds + Int64(place) * 60_000)
        return Event(
          id: Identifier(at: time, random: (UInt64(place), 0)), time: time, initiator: .watcher, source: "here/1",
          environment: environment, payload: payload)
      })
  }

  @Test func aHandThatIsNamedLaterIsOneHand() throws {
    let fields = [Self.field("a", "1", "2")]
    let hands = try hands(
      .driftDetected(DriftDetected([drift(fields, "x", by: nil)], release: nil)),
      .driftChanged(DriftChanged([drift(fields, "x", by: "ann")])))
    #expect(hands.map(\.attribution?.login) == ["ann"])
    #expect(hands.first?.fields == fields && hands.first?.changedAgain == nil)
  }

  @Test func whoChangedSomethingAfterAnotherIsToldByWhatThatOneLeft() throws {
    let ann = [Self.field("a", "1", "2"), Self.field("b", "1", "2"), Self.field("c", "1", "2")]
    let bo = [Self.field("a", "1", "2"), Self.field("c", "1", "3"), Self.field("d", "1", "9")]
    let hands = try hands(
      .driftDetected(DriftDetected([drift(ann, "x", by: "ann")], release: nil)),
      .driftChanged(DriftChanged([drift(bo, "y", by: "bo")])))
    #expect(
      hands.map(\.fields) == [ann, [Self.field("c", "2", "3"), Self.field("d", "1", "9"), Self.field("b", "2", "1")]])
    #expect(hands.map(\.changedAgain) == [hands[1].at, nil])
    // What the first put there and the second left is still the first's; what was put back is nobody's.
    let now = HandChange.inForce(hands, at: Timestamp(milliseconds: morning.milliseconds + 3_600_000), [])
    #expect(now.map { $0.attribution?.login } == ["ann", "bo"])
    #expect(now.map { $0.fields.map(\.field) } == [["a"], ["c", "d"]])
    let before = HandChange.inForce(hands, at: morning, [])
    #expect(before.map { $0.fields.map(\.field) } == [["a", "b", "c"]])
  }

  @Test func whatIsSecretIsToldAgainWhereNobodyCanSayWhatOfItChanged() throws {
    let secret = [FieldChange(.value, "a", old: nil, new: nil, isSecret: true)]
    let hands = try hands(
      .driftDetected(DriftDetected([drift(secret, "x", by: "ann")], release: nil)),
      .driftChanged(DriftChanged([drift(secret, "y", by: "bo")])))
    #expect(hands.map(\.fields) == [secret, secret])
  }
}
