import Foundation
import MooringTestSupport
import Testing

/// What happened is told outside: by a program, a signed webhook and what understands Slack's.
@Suite(.inTurn) struct NotificationTests {
  /// Writes down each request, and whether its signature is right as Python's `hmac` counts it. Answers with the status in
  /// the file `status`, 200 where there is none.
  private static let server = #"""
    import hashlib, hmac, http.server, json, os, sys
    folder, secret = sys.argv[1], sys.argv[2].encode()
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            parts = dict(part.split("=", 1) for part in self.headers.get("mooring-signature", "").split(",") if "=" in part)
            wanted = hmac.new(secret, parts.get("t", "").encode() + b"." + body, hashlib.sha256).hexdigest()
            with open(folder + "/requests", "a") as file:
                file.write(json.dumps({"path": self.path, "signed": parts.get("v1") == wanted,
                                       "id": self.headers.get("mooring-event"), "body": json.loads(body)}) + "\n")
            status = folder + "/status"
            code = int(open(status).read()) if os.path.exists(status) else 200
            self.send_response(code)
            if code == 302:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")
        def log_message(self, *_):
            pass
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#

  private static let secret = "0123456789abcdef0123456789abcdef"

  private struct Request {
    var path: String
    var isSigned: Bool
    var id: String?
    var event: String?
    var text: String
  }

  private func requests(_ machine: Machine) throws -> [Request] {
    guard machine.exists("requests") else { return [] }
    return try machine.folder.read("requests").split(separator: "\n").map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      let body = value["body"] as? [String: Any] ?? [:]
      return Request(
        path: value["path"] as? String ?? "", isSigned: value["signed"] as? Bool ?? false, id: value["id"] as? String,
        event: body["event"] as? String, text: body["text"] as? String ?? body["title"] as? String ?? "")
    }
  }

  private func machine(_ port: String) async throws -> Machine {
    let machine = try Machine(["config.yaml": "size: 32\n"])
    try machine.folder.write(Self.secret + "\n", to: "secret")
    try machine.folder.write("http://127.0.0.1:\(port)/slack/T0/B0/hidden\n", to: "slack-url")
    try machine.configure(
      others: """
        notifications:
          - webhook: { url: "http://127.0.0.1:\(port)/hook", secretFile: \(machine.folder["secret"]), allowHTTP: true }
          - slack: { webhookFile: \(machine.folder["slack-url"]), allowHTTP: true }
          - command: [/bin/sh, -c, "cat >> \(machine.folder["told"]); echo >> \(machine.folder["told"])"]
            on: [drift]
        """)
    try await machine.mooring("sync", "production")
    return machine
  }

  private func edit(_ machine: Machine, _ text: String) throws {
    try text.write(toFile: machine.root + "/current/config.yaml", atomically: false, encoding: .utf8)
  }

  @Test func aDriftIsToldToAllSignedOnceAndAgainAfterARestartWhereItWasNotTaken() async throws {
    let folder = try TemporaryFolder("mooring-hook")
    let server = try ServerProcess(["/usr/bin/python3", "-c", Self.server, folder[""], Self.secret])
    let machine = try await machine(try await server.firstLine())
    func told() throws -> [Request] {
      guard folder.exists("requests") else { return [] }
      try machine.folder.write(try folder.read("requests"), to: "requests")
      return try requests(machine)
    }
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try told().isEmpty, "what happened before a channel was there isn't told to it")

    try folder.write("500", to: "status")
    try edit(machine, "size: 64\n")
    let failing = try await machine.mooring("run", "--once")
    #expect(failing.status == 0, "what can't be delivered is no failure of the round: \(failing)")
    #expect(!failing.errors.contains("hidden"), "Slack's URL is a secret: \(failing)")
    let refused = try told()
    #expect(Set(refused.map(\.path)) == ["/hook", "/slack/T0/B0/hidden"])
    #expect(try machine.folder.read("told").contains("drift.detected"), "one channel's trouble isn't another's")

    try folder.write("200", to: "status")
    #expect(try await machine.mooring("run", "--once").status == 0)
    let hooks = try told().filter { $0.path == "/hook" }
    #expect(hooks.count == 2)
    #expect(hooks.allSatisfy { $0.isSigned && $0.event == "drift.detected" })
    #expect(Set(hooks.compactMap(\.id)).count == 1, "by its id the receiver knows it again")
    #expect(hooks.last?.text.contains("size: 32 → 64") == true, "\(hooks)")
    let slack = try told().filter { $0.path != "/hook" }
    #expect(slack.last?.text.contains("size: 32 → 64") == true, "\(slack)")

    try edit(machine, "size: 32\n")
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try told().filter { $0.path == "/hook" }.last?.event == "drift.resolved")
    let count = try told().count
    #expect(try await machine.mooring("run", "--once").status == 0)
    #expect(try told().count == count, "nothing is told twice")
  }

  @Test func aRedirectIsNotFollowed() async throws {
    let folder = try TemporaryFolder("mooring-hook")
    let server = try ServerProcess(["/usr/bin/python3", "-c", Self.server, folder[""], Self.secret])
    let machine = try await machine(try await server.firstLine())
    #expect(try await machine.mooring("run", "--once").status == 0)
    try folder.write("302", to: "status")
    try edit(machine, "size: 64\n")
    let answer = try await machine.mooring("run", "--once")
    #expect("\(answer)".contains("redirects are not followed"), "\(answer)")
    #expect(try !folder.read("requests").contains("/elsewhere"))
  }

  @Test func aThousandFilesChangedAtOnceAreOneMessage() async throws {
    let files = (0..<1200).map { ("f\($0).yaml", "size: 32\n" as String?) }
    let machine = try Machine(Dictionary(uniqueKeysWithValues: files))
    try machine.configure(
      others: "notifications: [ { command: [/bin/sh, -c, \"cat >> \(machine.folder["told"])\"], on: [drift] } ]")
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try await machine.mooring("run", "--once").status == 0)
    for (file, _) in files {
      try "size: 64\n".write(toFile: machine.root + "/current/" + file, atomically: false, encoding: .utf8)
    }
    #expect(try await machine.mooring("run", "--once").status == 0)
    let told = try machine.folder.read("told")
    #expect(told.components(separatedBy: "\"id\"").count == 2, "one message: \(told.count) bytes")
    #expect(told.contains("drift: 1200 objects"), "\(told.suffix(500))")
    let story = try await machine.story()
    #expect(story.components(separatedBy: "drift: ").count == 4, "and three events: \(story)")
  }

  @Test func aTestMessageSaysOfEachChannelWhetherItArrives() async throws {
    let folder = try TemporaryFolder("mooring-hook")
    let server = try ServerProcess(["/usr/bin/python3", "-c", Self.server, folder[""], Self.secret])
    let machine = try await machine(try await server.firstLine())
    let good = try await machine.mooring("notifications", "test")
    #expect(good.status == 0, "\(good)")
    #expect(good.output.components(separatedBy: ": delivered").count == 4, "\(good)")
    #expect(try folder.read("requests").contains("notifications.test"))
    #expect(try machine.folder.read("told").contains("whether notifications arrive here"))

    // Nobody listens there any more, and the URL is a secret.
    try machine.folder.write("http://127.0.0.1:1/slack/T0/B0/hidden\n", to: "slack-url")
    let bad = try await machine.mooring("notifications", "test")
    #expect(bad.status == 1, "\(bad)")
    #expect(bad.output.contains("not delivered: the connection was refused"), "\(bad)")
    #expect(!"\(bad)".contains("hidden"), "\(bad)")
    try edit(machine, "size: 64\n")
    #expect(try await !"\(machine.mooring("run", "--once"))".contains("hidden"), "nor does the watcher say it")
    let other = try await machine.mooring("notifications", "test", "--only", "x")
    #expect(other.status == 1 && other.errors.contains("there are: webhook-"), "\(other)")
  }

  @Test(arguments: [
    ("{ webhook: { url: \"http://example.com/x\", secretFile: /s } }", "allowHTTP"),
    ("{ webhook: { url: \"https://example.com/x\" } }", "secretFile: missing"),
    ("{ slack: {} }", "exactly one of webhookFile and webhook"),
    ("{ log: {}, command: [x] }", "exactly one of log, command, webhook, slack"),
    ("{ command: [x], on: [drifts] }", "did you mean \"drift\"?"),
    ("{ command: [x], environments: [prod] }", "no environment has this name"),
    ("{ command: [] }", "should name a program"),
  ])
  func whatIsWrongIsSaidWithItsPlace(_ channel: String, _ words: String) async throws {
    let machine = try Machine(["config.yaml": "size: 32\n"])
    try machine.configure(others: "notifications: [ \(channel) ]")
    let answer = try await machine.mooring("status")
    #expect(answer.status == 1)
    #expect("\(answer)".contains(words), "\(answer)")
    #expect("\(answer)".contains("mooring.yaml:"), "\(answer)")
  }
}
