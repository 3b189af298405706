import FoundationEssentials
import Glibc
import Processes
import Testing

/// Programs that nobody vouches for, each run for real.
@Suite("A confined program") final class ConfinementTests: Sendable {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "confined-\(UInt64.random(in: .min ... .max))")
    for name in ["inputs/sub", "root"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    try Data("seen\n".utf8).write(to: folder.appending(path: "inputs/sub/a.txt"))
    try Data("hidden\n".utf8).write(to: folder.appending(path: "secret"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func confined(
    _ script: String, _ shell: [String] = ["/bin/sh", "-c"], within limit: Duration = .seconds(20),
    _ change: (inout Confinement) -> Void = { _ in }
  ) async throws -> ConfinedOutcome {
    var confinement = Confinement(inputs: folder.appending(path: "inputs").path)
    change(&confinement)
    let program = Program(
      shell + [script], environment: ["PATH": "/usr/bin:/bin", "HOME": "/home"], timeLimit: limit)
    return try await run(program, confinedBy: confinement, in: folder.appending(path: "root").path)
  }

  private func text(_ outcome: ConfinedOutcome) -> String { String(decoding: outcome.printed, as: UTF8.self) }

  @Test("starts in its inputs, and prints all that it prints") func startsInItsInputs() async throws {
    let outcome = try await confined("pwd; cat sub/a.txt; seq 100000 | tail -1; exit 3")
    #expect(text(outcome) == "/inputs\nseen\n100000\n")
    #expect(outcome.ending == .exited(3))
  }

  @Test("sees nothing of the machine besides its programs") func seesNothingOfTheMachine() async throws {
    let outcome = try await confined("ls /; cat '\(folder.path)/secret' /etc/passwd /etc/shadow; ls ..")
    #expect(!text(outcome).contains("hidden"))
    #expect(!text(outcome).contains("root:"))
    #expect(!text(outcome).contains("srv"))
    #expect(outcome.said.contains("No such file"))
  }

  @Test("can write neither to its inputs nor to programs") func canWriteNeither() async throws {
    let outcome = try await confined(
      "echo x > sub/a.txt; echo x > new; echo x > /usr/bin/new; echo x > /tmp/fine; echo x > /home/fine; ls /tmp /home")
    #expect(text(outcome).contains("fine"))
    #expect(!outcome.said.isEmpty)
    #expect(try String(contentsOf: folder.appending(path: "inputs/sub/a.txt"), encoding: .utf8) == "seen\n")
    #expect(!FileManager.default.fileExists(atPath: "/usr/bin/new"))
  }

  @Test("leaves what it wrote to be read after its end") func leavesWhatItWrote() async throws {
    let outcome = try await confined("mkdir /output/a; echo kept > /output/a/b")
    let folder = try #require(outcome.folder)
    let file = openat(folder.descriptor, "a/b", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(file, &bytes, bytes.count) == 5)
  }

  @Test("reaches nobody: not this machine, and not another") func reachesNobody() async throws {
    let script = """
      import socket
      for address in [("127.0.0.1", PORT), ("192.0.2.1", 80)]:
          try: socket.create_connection(address, 5); print("reached", address)
          except OSError as error: print(error.errno)
      """
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        #expect(bind(listener, $0, size) == 0 && listen(listener, 5) == 0 && getsockname(listener, $0, &size) == 0)
      }
    }
    let port = String(UInt16(bigEndian: address.sin_port))
    let python = ["/usr/bin/python3", "-I", "-c"]
    let alone = try await confined(script.replacing("PORT", with: port), python)
    #expect(text(alone) == "101\n101\n", "\(alone.said)")
    let connected = try await confined(
      script.replacing("PORT", with: port).replacing(", (\"192.0.2.1\", 80)", with: ""), python
    ) { $0.reach = .network }
    #expect(text(connected) == "reached ('127.0.0.1', \(port))\n")
  }

  @Test("that hangs is killed at its deadline, with those that fled into sessions of their own")
  func thatHangs() async throws {
    let mark = "90\(UInt32.random(in: 10_000...99_999))"
    let outcome = try await confined(
      "trap '' TERM; setsid sleep \(mark) & setsid setsid sleep \(mark) & sleep \(mark)", within: .milliseconds(500))
    #expect(outcome.ending == .timedOut)
    #expect(try !isRunning(mark))
  }

  @Test("that ends leaves nobody behind") func thatEnds() async throws {
    let mark = "91\(UInt32.random(in: 10_000...99_999))"
    let outcome = try await confined("setsid sleep \(mark) & exit 0")
    #expect(outcome.ending == .exited(0))
    #expect(try !isRunning(mark))
  }

  @Test("that forks without end gets no further than its limit") func thatForks() async throws {
    let outcome = try await confined(
      "i=0; while [ $i -lt 400 ]; do sleep 60 & i=$((i+1)); done; echo all", within: .seconds(10)
    ) { $0.processes = 40 }
    #expect(!text(outcome).contains("all"))
    #expect(outcome.said.contains("fork"))
  }

  @Test("that eats memory is killed, alone and in parts") func thatEatsMemory() async throws {
    let python = ["/usr/bin/python3", "-I", "-c"]
    let alone = try await confined("b = bytearray(1 << 30); print(len(b))", python) { $0.memory = 256 << 20 }
    #expect(alone.ending != .exited(0))
    let parts = """
      import os, time
      for i in range(8):
          if os.fork() == 0: b = b'x' * (60 << 20); time.sleep(60)
      time.sleep(60)
      """
    let together = try await confined(parts, python) { $0.memory = 256 << 20 }
    #expect(together.ending == .outOfMemory)
  }

  @Test("that prints without end is cut off") func thatPrints() async throws {
    let outcome = try await confined("yes") { $0.output = 1 << 20 }
    #expect(outcome.ending == .tooMuchOutput)
    #expect(outcome.printed.count == 1 << 20)
  }

  @Test("that writes 100,000 files, or much, is stopped by its limits") func thatWrites() async throws {
    let python = ["/usr/bin/python3", "-I", "-c"]
    let files = try await confined("for i in range(100000): open(f'/output/{i}', 'w').close()", python)
    #expect(files.ending == .exited(1))
    #expect(files.said.contains("No space left"))
    let bytes = try await confined("for i in range(9): open(f'/output/{i}', 'wb').write(b'x' * (1 << 20))", python) {
      $0.storage = 4 << 20
    }
    #expect(bytes.ending == .exited(1))
  }

  @Test("runs as a user that owns nothing, and can't become another") func runsAsNobody() async throws {
    let outcome = try await confined("id -u; grep -E 'CapEff|NoNewPrivs' /proc/self/status; echo $$")
    let lines = text(outcome).split(separator: "\n")
    #expect(lines.first != "0")
    #expect(text(outcome).contains("CapEff:\t0000000000000000"))
    #expect(text(outcome).contains("NoNewPrivs:\t1"))
    #expect(lines.last == "1")
  }

  // In a process of its own, which gives up being root.
  @Test("is kept from everything also where we are nobody special") func asAUser() async throws {
    await #expect(processExitsWith: .success) {
      let folder = "/tmp/mooring-confined-\(UInt64.random(in: .min ... .max))"
      for path in [folder, folder + "/root", folder + "/inputs"] {
        #expect(mkdir(path, 0o755) == 0 && chown(path, 65_533, 65_533) == 0)
      }
      defer { try? FileManager.default.removeItem(atPath: folder) }
      #expect(setgid(65_533) == 0 && setuid(65_533) == 0)
      let script =
        "id -u; grep -c : /proc/net/dev; grep CapEff /proc/self/status; ls /etc/passwd /tmp; echo x > /output/x"
      let outcome = try await run(
        Program(["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"], timeLimit: .seconds(20)),
        confinedBy: Confinement(inputs: folder + "/inputs"), in: folder + "/root")
      #expect(String(decoding: outcome.printed, as: UTF8.self) == "65533\n1\nCapEff:\t0000000000000000\n/tmp:\n")
    }
  }

  @Test("isn't run where it can't be confined") func isNotRun() async throws {
    await #expect(throws: ProgramError.self) {
      try await confined("echo run") { $0.inputs = "/nowhere" }
    }
  }

  @Test("may be one of its inputs") func mayBeOneOfItsInputs() async throws {
    let script = folder.appending(path: "inputs/run")
    try Data("#!/bin/sh\necho \"$0 $1\"\n".utf8).write(to: script)
    chmod(script.path, 0o755)
    #expect(text(try await confined("one", ["./run"])) == "./run one\n")
    await #expect(throws: ProgramError.self) { try await confined("one", ["./missing"]) }
  }

  @Test("whose waiting is cancelled is killed") func cancelled() async throws {
    let mark = "92\(UInt32.random(in: 10_000...99_999))"
    let task = Task { try await confined("echo begun > /output/x; sleep \(mark)") }
    while try !isRunning(mark) { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try !isRunning(mark))
  }

  @Test("without namespaces has its limits all the same") func withoutNamespaces() async throws {
    let outcome = try await confined("pwd; yes") {
      $0.reach = .machine
      $0.output = 1 << 20
    }
    #expect(outcome.ending == .tooMuchOutput)
    #expect(text(outcome).hasPrefix(folder.path))
  }

  private func isRunning(_ argument: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { name in
      guard pid_t(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
        return false
      }
      return String(decoding: line, as: UTF8.self).split(separator: "\0").contains { $0 == argument }
    }
  }
}
