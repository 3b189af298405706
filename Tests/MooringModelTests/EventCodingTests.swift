import FoundationEssentials
import MooringModel
import Testing

@Suite("The JSON of an event") struct EventCodingTests {
  static let payloads: [Event.Payload] = [
    .catalogue(Catalogue(count: 41, upTo: revision(1), definition: definition)),
    .release(release(2)),
    .release(
      Release(
        number: ReleaseNumber(3), revision: revision(3), inputs: [content(1), nil], definition: definition, digest: nil,
        refusal: "a.yaml: invalid", summary: "", author: "", committed: morning)),
    .deploymentStarted(
      DeploymentStarted(
        deployment: identifier("D1"), trigger: .rollback(identifier("R1")), release: pending(1),
        plan: deploymentPlan(from: digest(2), to: digest(1)))),
    .gate(
      GateResult(
        deployment: identifier("D1"), gate: "http", passed: false, attempts: 3, milliseconds: 30, detail: "503")),
    .deploymentFinished(
      DeploymentFinished(deployment: identifier("D1"), outcome: .interrupted, live: nil, detail: "stopped")),
    .rollbackStarted(
      RollbackStarted(
        rollback: identifier("R1"), automatic: true, reason: "gate", from: v(2), to: pending(1), undone: [revision(2)],
        revert: RevertCommit(commit: content(0xC1), on: revision(2)), ranBefore: true)),
    .revertPushed(RevertPushed(rollback: identifier("R1"), commit: content(0xC1), landed: content(0xC2))),
    .revertOwed(RevertOwed(rollback: nil, commit: content(0xC1), why: "no network")),
    .rollbackFinished(
      RollbackFinished(
        rollback: identifier("R1"), outcome: .restoredUnverified, pushed: false, verdict: "no change", detail: "503",
        milliseconds: 812)),
    .hold(Hold(cause: .replayConflict, reason: "why")),
    .resume(Resume(reason: "it is over")),
    .quarantine(
      QuarantineEntry(
        revision: revision(2), digest: digest(2), number: nil, rollback: identifier("R1"), reason: "it is bad")),
    .quarantineLifted(QuarantineLifted(digest: digest(2), reason: "ann deployed it")),
    .historyRewritten(HistoryRewritten(was: revision(2), now: revision(3), vanished: [revision(2)])),
    .takeover(Takeover(from: "there/1")),
    .union(JournalUnion(other: content(9))),
    .alert(Alert(message: "look \"here\"\n✓", about: digest(2))),
    .note(Note(text: "a note")),
    .release(
      Release(
        number: ReleaseNumber(4), revision: revision(4), inputs: [content(1)], definition: definition,
        digest: digest(4), refusal: "it is unsigned",
        signature: ReleaseSignature(
          .expired, kind: .openPGP, signer: "Ada", fingerprint: "AB12", reason: "the key has expired",
          commit: revision(3)), summary: "", author: "", committed: morning)),
    .driftDetected(
      DriftDetected(
        [
          Drift(
            id: identifier("F1"),
            difference: Difference(
              object: ObjectName(path: "current/a\nb.yaml".utf8), kind: .changed,
              fields: [FieldChange(.value, "pool.size", old: "32", new: "64")], fingerprint: "f1"),
            attribution: Attribution(
              certainty: .certain, login: "ann", user: "root", program: "vim", executable: "/usr/bin/vim.basic",
              arguments: ["a"], process: 7, elevated: true, at: morning), changed: morning)
        ], unattended: Window(since: morning, until: morning), release: v(1))),
    .driftChanged(DriftChanged([])),
    .driftResolved(
      DriftResolved(
        [.init(id: identifier("F1"), object: ObjectName(path: "a".utf8))], .ignored, until: morning,
        commit: revision(1))),
    .driftIgnored(DriftIgnored(object: ObjectName(path: "a".utf8), field: "b", until: nil, reason: "because")),
    .driftFought(
      DriftFought(object: ObjectName(path: "a".utf8), attribution: nil, heals: 3, next: morning)),
    .adopted(Adopted(commit: revision(1), branch: "main", objects: [ObjectName(path: "a".utf8)])),
    .quarantine(quarantined),
    .quarantineBlocked(
      QuarantineBlocked(release: v(4), by: quarantined, Resemblance(.image, "r/web:2 (web.yaml: image)"))),
    .rollbackRehearsed(
      RollbackRehearsed(
        rollback: identifier("R1"), reason: "503", from: v(2), to: pending(1), undone: [revision(2)], ranBefore: true,
        problem: "shared")),
    .revertProposed(
      RevertProposed(
        rollback: identifier("R1"), commit: content(0xC1),
        request: PullRequest(number: 12, url: "https://host.example/12", branch: "mooring/revert-x"))),
    .revertDeclined(
      RevertDeclined(
        rollback: nil, commit: content(0xC1),
        request: PullRequest(number: 12, url: "https://host.example/12", branch: "mooring/revert-x"))),
    .requestSettled(
      RequestSettled(
        NeedlessRequest(
          rollback: identifier("R1"),
          request: PullRequest(number: 12, url: "https://host.example/12", branch: "mooring/revert-x"),
          why: "it is on the branch", since: morning), closed: true, deleted: true, problem: "it doesn't say why")),
    .quarantineLifted(QuarantineLifted(digest: digest(2), reason: "ann lifted it", withdraws: true)),
    .note(Note(text: "about a rollback", incident: identifier("R1"))),
    .verdict(
      VerdictGiven(
        on: UnjudgedRollback(
          rollback: identifier("R1"), from: v(2), badSince: morning, started: morning.advanced(by: .seconds(60)),
          restored: morning.advanced(by: .seconds(61))),
        by: [
          Signal(
            name: "errors", source: .prometheus,
            samples: (0..<12).map { SignalSample(at: morning.advanced(by: .seconds($0 * 15)), value: Double($0)) },
            problem: "503")
        ], VerdictPolicy(),
        meanwhile: [OtherChange(at: morning, environment: payments, what: "deploying v7", sharedInputs: ["base"])])),
    .anchored(
      Anchored(head: content(9), digest: "9f86", time: morning, by: "tsa.example.com", token: "MIIV")),
    .unattended(Window(since: morning, until: morning)),
    .artifacts(Artifacts(release: digest(2), images: ["r/web:2": "sha256:9f86"])),
    .drillStarted(DrillStarted(drill: identifier("L1"), from: v(2), to: v(1))),
    .deploymentStarted(
      DeploymentStarted(
        deployment: identifier("D2"), trigger: .drillReturn(identifier("L1")), release: v(2),
        plan: deploymentPlan(from: digest(1), to: digest(2)))),
    .drillFinished(
      DrillFinished(
        drill: identifier("L1"), outcome: .verified, returned: true, milliseconds: 812, returnMilliseconds: 640)),
    .acknowledged(Acknowledged(head: content(9), reason: "the disk was lost")),
  ]

  static let quarantined = QuarantineEntry(
    revision: revision(2), digest: digest(2), number: ReleaseNumber(2), rollback: identifier("R1"), reason: "503",
    at: morning,
    change: QuarantinedChange(
      against: digest(1),
      fields: [
        .init(
          file: "web.yaml", change: FieldChange(.value, "image", document: "Pod/web", old: "r/web:1", new: "r/web:2"))
      ], images: ["r/web:2"], more: 1))

  private static var payments: EnvironmentName {
    do { return try EnvironmentName("payments") } catch { preconditionFailure("\(error)") }
  }

  @Test("of every kind is found by its kind")
  func kinds() {
    for payload in Self.payloads { #expect(Event.Payload.kinds.contains(payload.kind), "\(payload.kind)") }
  }

  private func event(_ payload: Event.Payload) throws -> Event {
    Event(
      id: identifier("01KDVEF400"), time: morning, initiator: ann, source: "here/1",
      environment: try EnvironmentName("production"), payload: payload)
  }

  private func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try String(decoding: encoder.encode(value), as: UTF8.self)
  }

  private func read(_ text: String) throws -> Event {
    try JSONDecoder().decode(Event.self, from: Data(text.utf8))
  }

  @Test("is read back as it was written", arguments: payloads)
  func isReadBackAsItWasWritten(payload: Event.Payload) throws {
    let event = try event(payload)
    #expect(try read(text(event)) == event)
  }

  @Test("names every kind once") func namesEveryKindOnce() {
    #expect(Set(Self.payloads.map(\.kind)).count == 36)
  }

  @Test("has the fields that docs/journal.md promises") func hasTheFieldsThatDocsJournalMd() throws {
    #expect(
      try text(event(.note(Note(text: "a note")))) == """
        {"environment":"production","id":"01KDVEF400","initiator":{"door":"command","kind":"person","name":"ann"},\
        "kind":"note","payload":{"text":"a note"},"schema":1,"source":"here/1","time":"2026-01-01T00:00:00.000Z"}
        """)
  }

  /// The fields of a payload are the format: whoever renames one must see this fail.
  @Test(
    "keeps the fields of its payload",
    arguments: [
      (
        1,
        """
        {"author":"Bo Berg","committed":"2026-01-01T00:00:00.000Z","definition":{"paths":["environments/production"],\
        "renderer":"plain","version":1},"digest":"1212121212121212121212121212121212121212",\
        "inputs":["4242424242424242424242424242424242424242"],"number":2,\
        "revision":"0202020202020202020202020202020202020202","summary":"change 2"}
        """
      ),
      (
        3,
        """
        {"added":0,"changed":0,"deployment":"D1","from":"1212121212121212121212121212121212121212",\
        "release":{"digest":"1111111111111111111111111111111111111111","restores":1,\
        "revision":"c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1"},"removed":0,\
        "steps":["materialise","validate","activate","reload","retire"],"trigger":"rollback R1"}
        """
      ),
      (
        6,
        """
        {"automatic":true,"from":{"digest":"1212121212121212121212121212121212121212","number":2,\
        "revision":"0202020202020202020202020202020202020202"},"ranBefore":true,"reason":"gate",\
        "revert":{"commit":"c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1",\
        "on":"0202020202020202020202020202020202020202"},"rollback":"R1",\
        "to":{"digest":"1111111111111111111111111111111111111111","restores":1,\
        "revision":"c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1"},"undone":["0202020202020202020202020202020202020202"]}
        """
      ),
      (
        9,
        """
        {"detail":"503","milliseconds":812,"outcome":"restoredUnverified","pushed":false,"rollback":"R1",\
        "verdict":"no change"}
        """
      ),
      (
        20,
        #"""
        {"drifts":[{"attribution":{"arguments":["a"],"at":"2026-01-01T00:00:00.000Z","certainty":"certain",\#
        "elevated":true,"executable":"/usr/bin/vim.basic","login":"ann","process":7,"program":"vim","user":"root"},\#
        "changed":"2026-01-01T00:00:00.000Z","difference":{"changesValues":true,"fields":[{"aspect":"value",\#
        "field":"pool.size","isSecret":false,"new":"64","old":"32"}],"fingerprint":"f1","kind":"changed","lines":[],\#
        "more":0,"object":"current/a\\x0ab.yaml"},"id":"F1"}],"release":{\#
        "digest":"1111111111111111111111111111111111111111","number":1,\#
        "revision":"0101010101010101010101010101010101010101"},\#
        "unattended":{"since":"2026-01-01T00:00:00.000Z","until":"2026-01-01T00:00:00.000Z"}}
        """#
      ),
      (
        26,
        """
        {"at":"2026-01-01T00:00:00.000Z","change":{"against":"1111111111111111111111111111111111111111",\
        "fields":[{"change":{"aspect":"value","document":"Pod/web","field":"image","isSecret":false,"new":"r/web:2",\
        "old":"r/web:1"},"file":"web.yaml"}],"images":["r/web:2"],"more":1},\
        "digest":"1212121212121212121212121212121212121212","number":2,"reason":"503",\
        "revision":"0202020202020202020202020202020202020202","rollback":"R1"}
        """
      ),
      (
        27,
        """
        {"digest":"1212121212121212121212121212121212121212","reason":"v4 isn't deployed: it brings the image r/web:2 \
        (web.yaml: image) back from v2, which was rolled back (503)","release":{\
        "digest":"1414141414141414141414141414141414141414","number":4,\
        "revision":"0404040404040404040404040404040404040404"},"resemblance":{"detail":"r/web:2 (web.yaml: image)",\
        "rule":"image"},"revision":"0202020202020202020202020202020202020202"}
        """
      ),
      (
        29,
        """
        {"commit":"c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1","request":{"branch":"mooring/revert-x","number":12,\
        "url":"https://host.example/12"},"rollback":"R1"}
        """
      ),
    ])
  func keepsTheFieldsOfItsPayload(index: Int, json: String) throws {
    let whole = try text(event(Self.payloads[index]))
    #expect(whole.contains("\"payload\":\(json),\"schema\""), "\(whole)")
  }

  @Test("of a kind that only a newer program knows is kept under its name") func ofAKindThatOnlyANewer() throws {
    let json = try text(event(.note(Note(text: "x")))).replacing(
      "\"kind\":\"note\",\"payload\":{\"text\":\"x\"}", with: "\"kind\":\"promoted\",\"payload\":[1,{\"a\":null}]"
    )
    let event = try read(json)
    #expect(event.payload == .unknown(kind: "promoted"))
    #expect(event.payload.kind == "promoted")
    #expect(event.environment.string == "production")
    var state = EnvironmentState()
    state.apply(event)
    #expect(state.eventCount == 1)
  }

  @Test("has a renderer's options and program in its definition, where there are any") func hasOptions() throws {
    let definition = Definition(
      renderer: "helm", version: 1, paths: ["charts"], options: ["set": ["a=1"], "chart": ["charts/shop"]],
      program: "helm v4.2.3")
    let catalogue = try event(.catalogue(Catalogue(count: 1, upTo: revision(1), definition: definition)))
    let json = try text(catalogue)
    #expect(
      json.contains(
        """
        "definition":{"options":{"chart":["charts/shop"],"set":["a=1"]},"paths":["charts"],"program":"helm v4.2.3",\
        "renderer":"helm","version":1}
        """), "\(json)")
    #expect(try read(json) == catalogue)
  }

  @Test("may have fields that this program doesn't know") func mayHaveFieldsThatThisProgramDoesnt() throws {
    let json = try text(event(.note(Note(text: "x")))).replacing("{\"text\"", with: "{\"colour\":\"red\",\"text\"")
    #expect(
      try read(json.replacing("\"schema\":1", with: "\"schema\":2,\"more\":true")).payload == .note(Note(text: "x")))
  }

  @Test(
    "that is damaged is an error",
    arguments: [
      ("\"schema\":1", "\"schema\":0"), ("\"schema\":1,", ""), ("\"time\":\"2026", "\"time\":\"x"),
      ("\"id\":\"01KDVEF400\"", "\"id\":\"a b\""), ("\"environment\":\"production\"", "\"environment\":\"../x\""),
      ("\"kind\":\"person\"", "\"kind\":\"robot\""), ("{\"text\":\"x\"}", "{\"text\":1}"),
      ("\"payload\":{\"text\":\"x\"},", ""), ("\"kind\":\"note\"", "\"kind\":\"release\""),
    ])
  func thatIsDamagedIsAnError(good: String, bad: String) throws {
    let json = try text(event(.note(Note(text: "x"))))
    #expect(json.contains(good))
    #expect(throws: (any Error).self) { try read(json.replacing(good, with: bad)) }
  }

  @Test(
    "writes a trigger as one word, or with the rollback's name",
    arguments: [
      (Trigger.revision, "\"revision\""), (.asked, "\"asked\""), (.rollback(identifier("R-1")), "\"rollback R-1\""),
    ])
  func writesATriggerAsOneWordOr(trigger: Trigger, json: String) throws {
    #expect(try text(trigger) == json)
    #expect(try JSONDecoder().decode(Trigger.self, from: Data(json.utf8)) == trigger)
  }

  @Test("has no other triggers", arguments: ["\"rollback \"", "\"rollback a b\"", "\"Revision\"", "\"\"", "1"])
  func hasNoOtherTriggers(json: String) {
    #expect(throws: (any Error).self) { try JSONDecoder().decode(Trigger.self, from: Data(json.utf8)) }
  }
}
