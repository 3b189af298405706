import Logging
import MooringModel
import MooringTestSupport
import NIOCore
import Synchronization
import Testing

@testable import Mooring
@testable import MooringServer

/// What the server says to whom, asked by curl and by clients that misbehave.
@Suite(.inTurn) struct ServerTests {
  // MARK: Probes

  @Test func probesSayWhetherTheWatcherLivesAndWorks() async throws {
    let door = try Door(audit: false)
    try await door.open { port async throws in
      let url = "http://127.0.0.1:\(port)"
      #expect(try await Door.curl("\(url)/healthz") == "200 ok")
      #expect(try await Door.curl("\(url)/readyz").hasPrefix("503"))
      door.pulse.becomeReady()
      #expect(try await Door.curl("\(url)/readyz") == "200 ready")
      door.pulse.beat("a loop", within: .seconds(-1))
      #expect(try await Door.curl("\(url)/healthz") == "503 1 loops don't turn")
      door.pulse.beat("a loop", within: .seconds(60))
      #expect(try await Door.curl("\(url)/healthz").hasPrefix("200"))
      #expect(try await Door.curl("\(url)/").hasPrefix("404"))
      #expect(try await Door.post("{}", to: port) == "404", "without a token in the configuration there is no receiver")
    }
  }

  @Test func anAddressThatIsTakenIsToldAndNothingRuns() async throws {
    let door = try Door(audit: false)
    try await door.open { port async throws in
      guard let taken = ListenAddress("127.0.0.1:\(port)") else { return }
      let second = WatcherServer(
        ServerOptions(listen: taken), pulse: WatcherPulse(), audit: .none, logger: Logger(label: "second"))
      let fault = await #expect(throws: Fault.self) {
        try await second.run { _ in Issue.record("it ran") }
      }
      #expect(fault?.place == taken.description && fault?.remedy != nil)
    }
  }

  @Test func itEndsWithWhatItRunsFor() async throws {
    struct Done: Error {}
    let door = try Door()
    await #expect(throws: Done.self) { try await door.open { _ in throw Done() } }
  }

  // MARK: Tokens

  @Test func onlyWhoShowsTheTokenIsHeard() async throws {
    let door = try Door()
    try await door.open { port async throws in
      #expect(try await Door.post("{}", to: port) == "200")
      for wrong in [nil, "", "wrong", Door.token + "x", String(Door.token.dropLast())] {
        #expect(try await Door.post("{}", to: port, token: wrong) == "401")
      }
      let basic = ["--header", "Authorization: Basic \(Door.token)"]
      #expect(try await Door.post("{}", to: port, token: nil, basic[0], basic[1]) == "401")
      #expect(door.taken.withLock { $0 } == [Array("{}".utf8)])
    }
    let said = door.lines.text.split(separator: "\n").filter { $0.contains("refused") }
    #expect(said.count == 2, "without one, and with a wrong one, once each: \(said)")
    #expect(!door.lines.text.contains(Door.token))
  }

  @Test func aTokenCanBeChangedWhileItRuns() async throws {
    let door = try Door()
    try await door.open { port async throws in
      try door.folder.write("another token of sixteen bytes", to: "token")
      #expect(try await Door.post("{}", to: port) == "401")
      #expect(try await Door.post("{}", to: port, token: "another token of sixteen bytes") == "200")
      try door.folder.write("short", to: "token")
      #expect(try await Door.post("{}", to: port, token: "short") == "401", "too short to be a secret")
    }
  }

  @Test func itDoesntBeginWithoutATokenThatIsASecret() async throws {
    let door = try Door()
    try door.folder.write("0123456789abcde", to: "token")
    await #expect(throws: Fault.self) { try await door.open { _ in Issue.record("it ran") } }
  }

  // MARK: Bad input

  @Test func whatIsNoBatchIsRefusedAndRememberedAsMissed() async throws {
    let door = try Door()
    try await door.open { port async throws in
      #expect(try await Door.post("bad", to: port) == "400")
      #expect(door.missed.withLock { $0 } == 1)
      #expect(try await Door.post("{}", to: port) == "200", "it goes on")
    }
  }

  @Test func aBodyThatIsTooLargeIsRefusedHoweverItIsSent() async throws {
    let door = try Door()
    let large = String(repeating: "x", count: (1 << 16) + 1)
    try await door.open { port async throws in
      #expect(try await Door.post(large, to: port) == "413")
      let chunked = try await Door.post(large, to: port, token: Door.token, "--header", "Transfer-Encoding: chunked")
      #expect(chunked == "413")
      #expect(try await Door.post(String(large.dropLast()), to: port) == "200")
      #expect(door.missed.withLock { $0 } == 2)
    }
  }

  @Test func nobodySendsWithoutEnd() async throws {
    let door = try Door { $0.linger = .milliseconds(200) }
    try await door.open { port async throws in
      let connection = try #require(RawConnection(port: port))
      connection.send("POST /webhooks/audit HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
      let deadline = ContinuousClock.now + .seconds(20)
      while .now < deadline, connection.send(chunk) {}
      #expect(.now < deadline, "the connection was closed")
      #expect(try await Door.post("{}", to: port) == "200")
    }
  }

  @Test func whoIsSlowIsNotWaitedFor() async throws {
    let door = try Door {
      $0.idle = .milliseconds(300)
      $0.request = .milliseconds(600)
    }
    try await door.open { port async throws in
      // Nothing at all, half a head, and a body that never comes.
      let head = "POST /webhooks/audit HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(Door.token)\r\n"
      for text in ["", "GET /healthz HT", head + "Content-Length: 10\r\n\r\nabc"] {
        let connection = try #require(RawConnection(port: port))
        if !text.isEmpty { connection.send(text) }
        #expect(connection.readToEnd() != nil, "closed after \(text.debugDescription)")
      }
      #expect(door.taken.withLock { $0 }.isEmpty)
      #expect(try await Door.post("{}", to: port) == "200")
    }
  }

  @Test func whatIsNoHTTPIsAnsweredAndClosed() async throws {
    let door = try Door()
    try await door.open { port async throws in
      for text in [
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "x", count: 100_000))\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      ] {
        let connection = try #require(RawConnection(port: port))
        connection.send(text)
        #expect(connection.readToEnd()?.hasPrefix("HTTP/1.1 400") == true, "\(text.prefix(20).debugDescription)")
      }
      #expect(try await Door.curl("http://127.0.0.1:\(port)/healthz").hasPrefix("200"))
    }
  }

  @Test func aFloodIsToldToWaitAndSaidOnce() async throws {
    let door = try Door { ($0.rate, $0.burst) = (0.001, 3) }
    try await door.open { port async throws in
      var answers: [String] = []
      for _ in 0..<8 { answers.append(try await Door.post("{}", to: port)) }
      #expect(answers == Array(repeating: "200", count: 3) + Array(repeating: "429", count: 5))
      #expect(door.missed.withLock { $0 } == 0, "API servers try again")
    }
    #expect(door.lines.text.split(separator: "\n").filter { $0.contains("more audit events") }.count == 1)
  }

  @Test func noMoreConnectionsThanAllowedAreServedAtOnce() async throws {
    let door = try Door {
      $0.connections = 2
      $0.idle = .milliseconds(500)
    }
    try await door.open { port async throws in
      let (first, second) = (RawConnection(port: port), RawConnection(port: port))
      // It waits until the idle ones are closed.
      #expect(try await Door.curl("http://127.0.0.1:\(port)/healthz").hasPrefix("200"))
      #expect(first?.readToEnd() == "" && second?.readToEnd() == "")
    }
  }

  // MARK: TLS

  @Test func withACertificateItSpeaksHTTPSOnly() async throws {
    let authority = try await TestAuthority()
    let tls = ServerOptions.TLS(certificate: authority.serverCertificate, key: authority.serverKey)
    let door = try Door(tls: tls)
    try await door.open { port async throws in
      let url = "127.0.0.1:\(port)/healthz"
      #expect(try await Door.curl("--cacert", authority.authority, "https://\(url)").hasPrefix("200"))
      #expect(try await Door.curl("https://\(url)").hasPrefix("000"), "an authority that nobody knows")
      #expect(try await Door.curl("http://\(url)").hasPrefix("000"))
    }
  }

  @Test func aKeyOfAnotherCertificateIsRefused() async throws {
    let authority = try await TestAuthority()
    let tls = ServerOptions.TLS(certificate: authority.serverCertificate, key: authority.clientKey)
    let fault = await #expect(throws: Fault.self) { try await Door(tls: tls).open { _ in } }
    #expect(fault?.code == .configuration)
  }
}

extension AuditIntake {
  /// Takes nothing.
  fileprivate static let none = AuditIntake(
    limit: 0, open: { _ in }, take: { _, _ in nil }, miss: { _ in }, hear: { _, _ in })
}
