import FoundationEssentials
import HostTarget
import MooringJournal
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// What is told of a file that was changed by hand: through a real release, a real root, and the look of `mooring drift`.
@Suite(.inTurn) struct DriftMeaningTests {
  private static let secret = "hunter2"

  /// Deploys files, puts others in their places, and looks.
  private func look(
    _ deployed: [String: String], _ live: [String: String], secrets: [String] = []
  ) async throws -> [DriftReport.Item] {
    let site = try Site(Dictionary(uniqueKeysWithValues: deployed.map { ("app/\($0)", $1) }))
    let workspace = try await site.workspace()
    try await workspace.sync()
    for (path, text) in live { try site.change(path, to: text) }
    return try await workspace.context().drift().items
  }

  private func item(_ path: String, _ deployed: String, _ live: String) async throws -> DriftReport.Item {
    try #require(try await look([path: deployed, "other": ""], [path: live]).first)
  }

  @Test(
    "a value that is secret is in no field, no line and no summary, wherever it stands",
    arguments: [
      ("db.yaml", "password: old\n", "password: hunter2\n"),
      ("db.yaml", "password: hunter2\n", "host: a\n"),
      ("db.yaml", "a: 1\n", "a: 1\ndb: {user: x, password: hunter2}\n"),
      ("db.yaml", "a: 1\ndb: {user: x, password: hunter2}\n", "a: 1\n"),
      ("db.yaml", "secrets: {db: old}\n", "secrets: {db: hunter2}\n"),
      ("db.yaml", "a: [{name: x, api-token: [hunter2]}]\n", "a: []\n"),
      ("pod.yaml", "env:\n- {name: DB_PASSWORD, value: old}\n", "env:\n- {name: DB_PASSWORD, value: hunter2}\n"),
      ("pod.yaml", "env: []\n", "env:\n- {name: DB_PASSWORD, value: hunter2}\n"),
      ("s.yaml", "kind: Secret\ndata: {a: eA==}\n", "kind: Secret\ndata: {a: hunter2}\n"),
      ("app.env", "DB_PASSWORD=old\n", "DB_PASSWORD=hunter2\n"),
      ("app.yaml", "API.Key-2: old\n", "API.Key-2: hunter2\n"),
      ("app.yaml", "größe: {pass\u{200c}WORD: old}\n", "größe: {pass\u{200c}WORD: hunter2}\n"),
      ("broken.yaml", "password: hunter2\n", "password: hunter2\n  x: [\n"),
      ("broken.json", "{\"a\": 1}", "{\"token\": \n \"hunter2\""),
      ("nginx.conf.tpl", "listen 80;\n", "listen 80;\nproxy_password hunter2;\n"),
      ("motd", "one\n", "-----BEGIN PRIVATE KEY-----\nhunter2\n"),
      ("tls.key", "old\n", "hunter2\n"), ("credentials.txt", "old\n", "hunter2\n"),
    ])
  func hidesSecrets(path: String, deployed: String, live: String) async throws {
    let item = try await item(path, deployed, live)
    let told = String(decoding: try JSONEncoder().encode(item), as: UTF8.self)
    #expect(!told.contains(Self.secret), "\(told)")
    #expect(item.changesValues)
    #expect(!item.fields.isEmpty || !item.lines.isEmpty, "that it differs is told: \(told)")
  }

  @Test("what isn't secret in the same file is told") func tellsTheRest() async throws {
    let item = try await item(
      "db.yaml", "db: {user: x, password: a}\n", "db: {user: y, password: hunter2}\nnew: {user: z, token: hunter2}\n")
    #expect(
      item.fields.map(\.description).sorted() == [
        "+ new: {user: z, token: a secret value}", "db.password: a secret value", "db.user: x → y",
      ])
  }

  @Test(
    "comments, blanks, quotes and order change no value",
    arguments: [
      ("a.yaml", "a: 1 # one\nb: x\n", "# by hand\nb: 'x'\na: 1\n"), ("a.json", "{\"a\": 1}", "{\n\"a\":1}\n"),
      ("a.toml", "a = 1\n", "a   = 1 # one\n"), ("a.ini", "[s]\na=1\n", "; x\n[s]\na = 1\n"),
      ("a.env", "A=1\n", "# x\nexport A='1'\n"),
    ])
  func formOnly(path: String, deployed: String, live: String) async throws {
    let item = try await item(path, deployed, live)
    #expect(item.kind == "changed" && !item.changesValues)
    #expect(item.fields.isEmpty && item.lines.isEmpty)
    #expect(item.summary == "no value changed: blanks, comments or order")
  }

  @Test("a broken file is told by its lines, a binary one by its size, a text by its lines") func withoutFields()
    async throws
  {
    let items = try await look(
      ["a.yaml": "a: 1\nb: 2\n", "b.bin": "\0one", "c.txt": "one\ntwo\n"],
      ["a.yaml": "a: 1\nb: [\n", "b.bin": "\0three", "c.txt": "one\nzwei\n"])
    try #require(items.map(\.object) == ["current/a.yaml", "current/b.bin", "current/c.txt"])
    #expect(items[0].lines == ["@@ -1,2 +1,2 @@", " a: 1", "-b: 2", "+b: ["])
    #expect(items[1].fields == [FieldChange(.attribute, "content", old: "4 bytes", new: "6 bytes")])
    #expect(items[2].lines.suffix(2) == ["-two", "+zwei"])
    #expect(items.allSatisfy { $0.changesValues })
  }

  @Test("a change of one line is told as one line, and lines and fields that are too many are counted")
  func isBounded() async throws {
    let item = try await item("a.txt", "", String(repeating: "x\n", count: 200))
    #expect(item.lines.count == Difference.listed && item.more == 151)
    let one = try await self.item("a.txt", "one\n", "one\ntwo\n")
    #expect(one.summary == "1 line")
  }

  @Test("what is told is of one moment, also where the file changes again in the middle of the look")
  func ofOneMoment() async throws {
    let site = try Site(["app/app.yaml": "a: 1\n"])
    let target = ChangedWhileLookedAt(SwitchLayout(HostTargetOptions(root: site.folder["root-production"])))
    let workspace = try await site.workspace()
    try await workspace.sync()
    var context = try workspace.context()
    context.target = target
    let loop = EnvironmentLoop(context)
    func look() async throws -> [Difference] {
      let report = try await loop.look(LookRequest(.everything), waitingAtMost: Site.patience)
      return report.events.flatMap { event -> [Difference] in
        switch event.payload {
        case .driftDetected(let detected): detected.drifts.map(\.difference)
        case .driftChanged(let changed): changed.drifts.map(\.difference)
        default: []
        }
      }
    }
    try site.change("app.yaml", to: "a: 2\n")
    target.betweenLookAndReading { try site.change("app.yaml", to: "a: 3\n") }
    let told = try await look()
    #expect(told.flatMap(\.fields) == [FieldChange(.value, "a", old: "1", new: "3")])
    let again = try await look()
    #expect(again.isEmpty, "it is known as what it is")
    target.betweenLookAndReading { try site.change("app.yaml", to: "a: 1\n") }
    try site.change("app.yaml", to: "a: 4\n")
    let undone = try await look()
    #expect(undone.isEmpty, "what was put back meanwhile is no drift")
    let drifts = try context.head().state.drifts
    #expect(drifts.isEmpty)
  }
}

extension Site {
  /// Writes a file of the live release, whatever its mode says.
  func change(_ path: String, to text: String) throws {
    let file = folder["root-production/current/\(path)"]
    guard FileManager.default.fileExists(atPath: file) else { throw CocoaError(.fileNoSuchFile) }
    try text.write(toFile: file, atomically: false, encoding: .utf8)
  }

  /// Writes a file in the live release, whether there is one or not.
  func put(_ path: String, _ text: String) throws {
    try text.write(toFile: folder["root-production/current/\(path)"], atomically: false, encoding: .utf8)
  }

  /// Renames what is in the live release.
  func rename(_ path: String, to other: String) throws {
    let live = folder["root-production/current/"]
    try FileManager.default.moveItem(atPath: live + path, toPath: live + other)
  }
}
