import FoundationEssentials
import Glibc
import Processes
import Testing

/// Programs here are real ones. `.serialized`, because some measure how long they take.
@Suite("Programs", .serialized)
struct ProcessesTests {
  /// Tells the processes of this run from those of another one beside it.
  static let mark = getpid()

  func shell(
    _ script: String, limit: Duration = .seconds(20), grace: Duration = .seconds(2), outputLimit: Int = 65_536
  ) -> Program {
    Program(
      ["/bin/sh", "-c", script], timeLimit: limit, graceBeforeKill: grace, outputLimit: outputLimit)
  }

  @Test("what a program prints on either output is kept, with its exit status")
  func output() async throws {
    let outcome = try await run(shell("echo one; echo two >&2; exit 3"))
    #expect(outcome.termination == .exited(3))
    #expect(outcome.output == "one\ntwo\n")
    #expect(!outcome.succeeded)
    #expect(outcome.droppedBytes == 0)
  }

  @Test("a name without a slash is looked up in the PATH that was given")
  func lookup() async throws {
    #expect(try await run(Program(["true"], timeLimit: .seconds(20))).succeeded)
    await #expect(throws: ProgramError.notFound(program: "true")) {
      try await run(Program(["true"], environment: ["PATH": "/nonexistent"], timeLimit: .seconds(20)))
    }
  }

  @Test("a program that can't be started says why")
  func refusals() async throws {
    await #expect(throws: ProgramError.notFound(program: "/no/such")) {
      try await run(Program(["/no/such"], timeLimit: .seconds(1)))
    }
    await #expect(throws: ProgramError.notExecutable(program: "/etc/passwd")) {
      try await run(Program(["/etc/passwd"], timeLimit: .seconds(1)))
    }
    await #expect(throws: ProgramError.badDirectory("/no/such", program: "/bin/true")) {
      try await run(Program(["/bin/true"], directory: "/no/such", timeLimit: .seconds(1)))
    }
    await #expect(throws: ProgramError.self) { try await run(Program(["./true"], timeLimit: .seconds(1))) }
    await #expect(throws: ProgramError.self) { try await run(Program([], timeLimit: .seconds(1))) }
    await #expect(throws: ProgramError.self) { try await run(Program(["/bin/echo", "a\0b"], timeLimit: .seconds(1))) }
  }

  @Test("a program whose file is still open to write is started once it is closed")
  func busyFile() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "mooring-busy-\(Self.mark)").path
    try FileManager.default.copyItem(atPath: "/bin/true", toPath: path)
    defer { unlink(path) }
    let file = open(path, O_WRONLY | O_CLOEXEC)
    async let outcome = run(Program([path], timeLimit: .seconds(20)))
    // Meanwhile nobody can execute it.
    try await Task.sleep(for: .milliseconds(50))
    close(file)
    #expect(try await outcome.succeeded)
  }

  @Test("a program sees only the environment that it was given, and starts where it was told")
  func environment() async throws {
    let program = Program(
      ["/bin/sh", "-c", "env; pwd"], directory: "/usr", environment: Program.scrubbed(adding: ["A": "b"]),
      timeLimit: .seconds(20))
    let outcome = try await run(program)
    #expect(outcome.output.contains("A=b\n"))
    #expect(outcome.output.contains("LANG=C.UTF-8\n"))
    #expect(outcome.output.hasSuffix("/usr\n"))
    let names = Set(outcome.output.split(separator: "\n").compactMap { $0.firstIndex(of: "=").map($0.prefix(upTo:)) })
    // The last ones are the shell's own.
    #expect(names.isSubset(of: ["A", "LANG", "PATH", "HOME", "TZ", "PWD", "OLDPWD", "_"]))
  }

  @Test("standard input is empty unless it is given")
  func emptyInput() async throws {
    #expect(try await run(shell("cat; echo end")).output == "end\n")
  }

  @Test("of much output the end is kept, and what went before is counted")
  func boundedOutput() async throws {
    let outcome = try await run(
      shell("i=0; while [ $i -lt 20000 ]; do echo 123456789; i=$((i+1)); done; echo last", outputLimit: 100))
    #expect(outcome.output.utf8.count == 100)
    #expect(outcome.output.hasSuffix("last\n"))
    #expect(outcome.droppedBytes == 200_005 - 100)
  }

  @Test("a character that the limit cuts is dropped whole")
  func cutCharacter() async throws {
    let outcome = try await run(shell("printf 'aé'; printf 'xyz'", outputLimit: 4))
    #expect(outcome.output == "xyz")
    #expect(outcome.droppedBytes == 3)
  }

  @Test("a signal that ended the program is reported")
  func signalled() async throws {
    #expect(try await run(shell("kill -9 $$")).termination == .signalled(SIGKILL))
  }

  @Test("a program past its time limit is asked to end, and may say something last")
  func timeLimit() async throws {
    let outcome = try await run(
      shell("trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done", limit: .milliseconds(300)))
    #expect(outcome.termination == .timedOut)
    #expect(outcome.output.hasSuffix("bye\n"))
    #expect(outcome.duration < .seconds(2))
  }

  @Test("a program that ignores the request is killed after the grace, and its children with it")
  func killed() async throws {
    let start = ContinuousClock.now
    let outcome = try await run(
      shell(
        "trap '' TERM; sleep 77.1\(Self.mark) & while :; do sleep 0.05; done", limit: .milliseconds(200),
        grace: .milliseconds(300))
    )
    #expect(outcome.termination == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(try await !isRunning("sleep 77.1\(Self.mark)"))
  }

  @Test("a stopped program is ended at its time limit like any other")
  func stopped() async throws {
    let outcome = try await run(shell("kill -STOP $$", limit: .milliseconds(200), grace: .seconds(10)))
    #expect(outcome.termination == .timedOut)
    #expect(outcome.duration < .seconds(5))
  }

  @Test("a grandchild that holds the output open keeps nobody waiting, and is gone after")
  func lingeringChild() async throws {
    let outcome = try await run(shell("sleep 77.2\(Self.mark) & echo done"))
    #expect(outcome.termination == .exited(0))
    #expect(outcome.output == "done\n")
    #expect(outcome.duration < .seconds(5))
    #expect(try await !isRunning("sleep 77.2\(Self.mark)"))
  }

  @Test("a grandchild in a session of its own that holds the output open keeps nobody waiting")
  func daemon() async throws {
    let outcome = try await run(shell("setsid sleep 3.3 & echo done"))
    #expect(outcome.output == "done\n")
    #expect(outcome.duration < .seconds(3))
  }

  @Test("cancelling the task ends the program and its children")
  func cancellation() async throws {
    let started = AsyncStream<Void>.makeStream()
    let program = shell("sleep 77.3\(Self.mark) & echo up; wait", limit: .seconds(60))
    let task = Task {
      try await run(program, input: []) { _ in started.continuation.finish() }
    }
    for await _ in started.stream {}
    #expect(try await comesToRun("sleep 77.3\(Self.mark)"))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await !isRunning("sleep 77.3\(Self.mark)"))
  }

  @Test("a task that is cancelled already starts nothing that stays")
  func cancelledBefore() async throws {
    let program = shell("sleep 77.4\(Self.mark)")
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await run(program)
    }
    await #expect(throws: (any Error).self) { try await task.value }
    #expect(try await !isRunning("sleep 77.4\(Self.mark)"))
  }

  /// Whether a process with these arguments is still there after the moment that a killed one may take to go.
  private func isRunning(_ command: String) async throws -> Bool {
    try await !holds { try !processes().contains(command) }
  }

  private func comesToRun(_ command: String) async throws -> Bool {
    try await holds { try processes().contains(command) }
  }

  /// Whether the condition comes to hold within two seconds.
  private func holds(_ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(2)
    while ContinuousClock.now < deadline {
      if try condition() { return true }
      await Task.yield()
    }
    return false
  }

  /// The command lines of all processes; a zombie has none.
  private func processes() throws -> Set<String> {
    let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
    return Set(
      names.compactMap { name in
        // Gone between the listing and here, it isn't running.
        guard let line = try? Data(contentsOf: URL(filePath: "/proc/\(name)/cmdline")) else { return nil }
        return String(decoding: line.map { $0 == 0 ? 32 : $0 }.dropLast(), as: UTF8.self)
      })
  }
}
