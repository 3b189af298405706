import Glibc
import Processes
import Synchronization
import Testing

extension ProcessesTests {
  @Suite("A program that serves requests")
  struct ServingTests {
    private func shell(_ script: String) -> Program {
      Program(["/bin/sh", "-c", script], timeLimit: .seconds(20))
    }

    private func ask(
      _ program: ServingProgram, _ line: String, within limit: Duration = .seconds(20)
    ) async throws -> (ServingProgram.Ending, [String]) {
      let lines = Mutex<[String]>([])
      let ending = try await program.ask(Array(line.utf8), within: limit) { line in
        lines.withLock { $0.append(line) }
        return line.hasPrefix("last")
      }
      return (ending, lines.withLock { $0 })
    }

    @Test("answers one after the other, in one process")
    func several() async throws {
      let program = try ServingProgram(shell("while read word; do echo heard $word; echo last $$; done"))
      let (first, one) = try await ask(program, "a")
      let (second, two) = try await ask(program, "b")
      #expect([first, second] == [.answered, .answered])
      #expect([one.first, two.first] == ["heard a", "heard b"])
      #expect(one.last == two.last)
    }

    @Test("may be asked megabytes")
    func largeRequest() async throws {
      let program = try ServingProgram(shell("while read word; do echo last ${#word}; done"))
      let (ending, lines) = try await ask(program, String(repeating: "x", count: 3 << 20))
      #expect(ending == .answered)
      #expect(lines == ["last \(3 << 20)"])
    }

    @Test("is killed with its group when its time is over, and says no more")
    func tooLate() async throws {
      let program = try ServingProgram(shell("trap '' TERM; echo $$; while :; do sleep 60; done"))
      let (ending, lines) = try await ask(program, "a", within: .milliseconds(300))
      #expect(ending == .timedOut)
      let process = try #require(lines.first.flatMap { pid_t($0) })
      #expect(kill(process, 0) == -1)
      #expect(try await ask(program, "b").0 == .ended(.exited(0), ""))
    }

    @Test("is killed when the task is cancelled")
    func cancelled() async throws {
      let program = try ServingProgram(shell("while :; do sleep 60; done"))
      let asking = Task { try await ask(program, "a") }
      asking.cancel()
      await #expect(throws: CancellationError.self) { try await asking.value }
    }

    @Test("that ends instead of answering says how and why")
    func ends() async throws {
      let program = try ServingProgram(shell("read word; echo sorry >&2; exit 3"))
      #expect(try await ask(program, "a").0 == .ended(.exited(3), "sorry\n"))
    }

    @Test("ends with its last reference", .timeLimit(.minutes(1)))
    func released() async throws {
      var program: ServingProgram? = try ServingProgram(shell("read word; echo last $$; read word"))
      let lines = try await ask(#require(program), "a").1
      let process = try #require(lines.first.flatMap { pid_t($0.dropFirst(5)) })
      #expect(kill(process, 0) == 0)
      program = nil
      // The thread that asked may hold it a moment longer.
      while kill(process, 0) == 0 { await Task.yield() }
    }

    @Test("inherits nothing but its three descriptors")
    func descriptors() async throws {
      let program = try ServingProgram(shell("read word; echo last $(ls /proc/self/fd | wc -l)"))
      // The three, and the one by which `ls` reads the folder.
      #expect(try await ask(program, "a").1 == ["last 4"])
    }
  }
}
