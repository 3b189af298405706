import FoundationEssentials
import Glibc
import Mooring
import MooringModel
import MooringTestSupport
import Processes
import Testing

@testable import Mooring

/// Asking gates: real programs, real connections, real servers.
@Suite(.inTurn) struct GateCheckerTests {
  private func check(_ gates: GateConfiguration...) async throws -> [GateResult] {
    try await GateChecker(
      deployment: Identifier(at: Timestamp(milliseconds: 0)), probe: NetworkProbe(root: "/srv/app/current")
    ).check(gates)
  }

  private func gate(
    _ check: GateConfiguration.Check, within: Duration = .seconds(10), stableFor: Duration = .zero,
    timeout: Duration = .seconds(5)
  ) -> GateConfiguration {
    GateConfiguration(
      name: "gate", check: check, within: within, stableFor: stableFor, interval: .milliseconds(20), timeout: timeout)
  }

  private func shell(_ script: String) -> GateConfiguration.Check { .command(["/bin/sh", "-c", script]) }

  // MARK: Time

  @Test func aGateThatHoldsIsAskedOnce() async throws {
    let result = try #require(try await check(gate(shell("true"))).first)
    #expect(result.passed && result.attempts == 1 && result.detail == nil)
  }

  @Test func aGateIsAskedAgainUntilItHolds() async throws {
    let folder = try TemporaryFolder()
    let script = "echo x >> \(folder["count"]); [ $(wc -l < \(folder["count"])) -ge 4 ]"
    let result = try #require(try await check(gate(shell(script))).first)
    #expect(result.passed && result.attempts == 4)
  }

  @Test func aGateThatNeverHoldsFailsWhenItsTimeIsUpAndSaysWhatItSaidLast() async throws {
    let start = ContinuousClock.now
    let result = try #require(try await check(gate(shell("echo not yet; exit 3"), within: .milliseconds(400))).first)
    #expect(!result.passed && result.attempts > 1)
    #expect(result.detail?.contains("not yet") == true, "\(result.detail ?? "")")
    #expect(ContinuousClock.now - start >= .milliseconds(400))
    #expect(result.milliseconds >= 400)
  }

  @Test func aGateThatHangsIsEndedWithItsTimeAndLeavesNoProcess() async throws {
    let folder = try TemporaryFolder()
    let script = "sleep 600 & echo $! $$ > \(folder["processes"]); wait"
    let result = try #require(try await check(gate(shell(script), within: .seconds(1))).first)
    #expect(!result.passed)
    let deadline = ContinuousClock.now + .seconds(20)
    for process in try folder.read("processes").split(whereSeparator: \.isWhitespace) {
      // What was killed takes a moment to end.
      while isRunning(process), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
      #expect(!isRunning(process), "\(process) is still there")
    }
  }

  /// One that has ended may wait to be taken note of.
  private func isRunning(_ process: Substring) -> Bool {
    guard let status = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return false }
    return !String(decoding: status, as: UTF8.self).contains(") Z")
  }

  @Test func oneAttemptMayTakeNoLongerThanItsOwnTimeout() async throws {
    let folder = try TemporaryFolder()
    let script = "[ -e \(folder["second"]) ] || { touch \(folder["second"]); sleep 600; }"
    let result = try #require(try await check(gate(shell(script), timeout: .milliseconds(200))).first)
    #expect(result.passed && result.attempts == 2, "the first attempt hung, the second held")
  }

  @Test func aGateMustGoOnHoldingForItsStablePeriod() async throws {
    let result = try #require(try await check(gate(shell("true"), stableFor: .seconds(2))).first)
    #expect(result.passed && result.attempts > 2 && result.milliseconds >= 2000)
  }

  @Test func aGateThatFlapsBeginsItsStablePeriodAgain() async throws {
    let folder = try TemporaryFolder()
    let script = "echo x >> \(folder["count"]); [ $(( $(wc -l < \(folder["count"])) % 3 )) -ne 0 ]"
    let result = try #require(
      try await check(gate(shell(script), within: .milliseconds(900), stableFor: .milliseconds(500))).first)
    #expect(!result.passed && result.attempts > 3)
  }

  @Test func allGatesAreAskedAtOnceAndTheFirstThatFailsEndsThem() async throws {
    let start = ContinuousClock.now
    let bad = gate(shell("exit 1"), within: .milliseconds(50))
    let results = try await check(gate(shell("sleep 30"), within: .seconds(40), timeout: .seconds(40)), bad)
    #expect(results.contains { !$0.passed })
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test func cancellingEndsAGateAtOnce() async throws {
    let start = ContinuousClock.now
    let task = Task { try await check(gate(shell("sleep 600"), within: .seconds(600), timeout: .seconds(600))) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  // MARK: Commands

  @Test func theReleasesFolderStandsForRoot() async throws {
    let result = try #require(
      try await check(gate(.command(["/bin/sh", "-c", "echo \"$0\"; exit 1", "{root}/x"]), within: .milliseconds(50)))
        .first)
    #expect(result.detail?.contains("/srv/app/current/x") == true, "\(result.detail ?? "")")
  }

  @Test func aMissingProgramIsNamed() async throws {
    let result = try #require(try await check(gate(.command(["/nonexistent/smoke"]), within: .milliseconds(50))).first)
    #expect(result.detail?.contains("/nonexistent/smoke: there is no such program") == true, "\(result.detail ?? "")")
  }

  @Test func aCommandSeesNoSecretsOfOurs() async throws {
    setenv("MOORING_TEST_SECRET", "hunter2", 1)
    defer { unsetenv("MOORING_TEST_SECRET") }
    let result = try #require(try await check(gate(shell("! env | grep -q hunter2"), within: .milliseconds(50))).first)
    #expect(result.passed)
  }

  // MARK: The network

  @Test func httpGatesLookAtStatusAndBody() async throws {
    try await Server.http.running { (port: Int) async throws in
      func ask(_ path: String, _ status: Int = 200, _ contains: String? = nil) async throws -> String? {
        let url = "http://127.0.0.1:\(port)/\(path)"
        let check = GateConfiguration.Check.http(url: url, status: status, contains: contains)
        return try await NetworkProbe(root: nil).probe(gate(check), within: .seconds(10))
      }
      #expect(try await ask("200") == nil)
      #expect(try await ask("503") == "answered 503, not 200")
      #expect(try await ask("503", 503) == nil)
      #expect(try await ask("200", 200, "ready") == nil)
      #expect(try await ask("200", 200, "unready")?.contains("doesn't contain \"unready\"") == true)
      #expect(try await ask("302") == "answered 302, not 200", "a redirect is an answer, not a place to go")
    }
  }

  @Test func anHTTPServerThatComesUpLateIsWaitedFor() async throws {
    try await Server.http.running { (port: Int) async throws in
      let late = GateConfiguration.Check.http(url: "http://127.0.0.1:\(port)/late", status: 200, contains: nil)
      let result = try #require(try await check(gate(late)).first)
      #expect(result.passed && result.attempts == 3)
    }
  }

  @Test func anHTTPServerThatNeverAnswersFailsInTime() async throws {
    try await Server.silent.running { port in
      let start = ContinuousClock.now
      let check = GateConfiguration.Check.http(url: "http://127.0.0.1:\(port)/", status: 200, contains: nil)
      let result = try #require(try await self.check(gate(check, within: .seconds(1))).first)
      #expect(!result.passed)
      #expect(result.detail?.contains("no answer within") == true, "\(result.detail ?? "")")
      #expect(ContinuousClock.now - start < .seconds(20))
    }
  }

  @Test func tcpGatesConnect() async throws {
    let port = try await Server.silent.running { port in
      let result = try #require(try await check(gate(.tcp(host: "127.0.0.1", port: port))).first)
      #expect(result.passed)
      return port
    }
    let gone = try #require(
      try await check(gate(.tcp(host: "127.0.0.1", port: port), within: .milliseconds(100))).first)
    #expect(!gone.passed)
    #expect(gone.detail == "the connection was refused", "\(gone.detail ?? "")")
    let refused = GateConfiguration.Check.http(url: "http://127.0.0.1:\(port)/", status: 200, contains: nil)
    #expect(try await check(gate(refused, within: .milliseconds(100))).first?.detail == "the connection was refused")
  }

  @Test func aHostThatIsNotKnownIsSaid() async throws {
    let result = try #require(
      try await check(gate(.tcp(host: "nowhere.invalid", port: 80), within: .milliseconds(100))).first)
    #expect(result.detail?.contains("nowhere.invalid is not known") == true, "\(result.detail ?? "")")
  }
}

/// A server by Python, on a free port of this machine.
enum Server: String {
  /// Answers with the status that the path names; `/late` twice with 503 first.
  case http = """
    import http.server
    class Handler(http.server.BaseHTTPRequestHandler):
        late = 0
        def do_GET(self):
            status = self.path.strip("/")
            if status == "late":
                Handler.late += 1
                status = "200" if Handler.late > 2 else "503"
            self.send_response(int(status))
            self.send_header("Location", "/200")
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"ready")
        def log_message(self, *arguments): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """
  /// Answers every request with a body without an end.
  case flood = """
    import http.server
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            try:
                while True: self.wfile.write(b"x" * 65536)
            except OSError: pass
        def log_message(self, *arguments): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """
  /// Takes connections, and says nothing.
  case silent = """
    import socket
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    taken = []
    while True: taken.append(server.accept())
    """

  func running<Value: Sendable>(_ body: (Int) async throws -> Value) async throws -> Value {
    let (ports, port) = AsyncStream<Int>.makeStream()
    let program = Program(["python3", "-c", rawValue], timeLimit: .seconds(60), graceBeforeKill: .milliseconds(100))
    let server = Task {
      defer { port.finish() }
      return try await run(program, input: []) { line in if let number = Int(line) { port.yield(number) } }
    }
    defer { server.cancel() }
    for await number in ports {
      let value = try await body(number)
      server.cancel()
      _ = await server.result
      return value
    }
    throw Fault(.program, "the server did not start: \(try await server.value.output)")
  }
}
