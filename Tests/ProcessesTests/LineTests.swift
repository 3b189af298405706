import Glibc
import Processes
import Synchronization
import Testing

extension ProcessesTests {
  @Suite("Programs read line by line")
  struct LineTests {
    /// What was handed on, in order.
    private final class Lines: Sendable {
      let all = Mutex<[String]>([])
      func add(_ line: String) { all.withLock { $0.append(line) } }
      var list: [String] { all.withLock { $0 } }
    }

    private func shell(_ script: String, limit: Duration = .seconds(20)) -> Program {
      Program(["/bin/sh", "-c", script], timeLimit: limit)
    }

    @Test("standard output comes in lines, the last one without a line feed too, and standard error is kept")
    func lines() async throws {
      let lines = Lines()
      let outcome = try await run(shell("echo one; echo; echo two >&2; printf three"), input: []) { lines.add($0) }
      #expect(lines.list == ["one", "", "three"])
      #expect(outcome.output == "two\n")
      #expect(outcome.succeeded)
    }

    @Test("megabytes go in and come out at once")
    func largeInput() async throws {
      let lines = Lines()
      let text = (0..<300_000).map { "line \($0)" }
      let outcome = try await run(shell("cat"), input: Array(text.joined(separator: "\n").utf8)) { lines.add($0) }
      #expect(outcome.succeeded)
      #expect(lines.list == text)
    }

    @Test("a program that doesn't read its input is no failure")
    func unreadInput() async throws {
      let outcome = try await run(shell("exit 0"), input: [UInt8](repeating: 65, count: 4 << 20)) { _ in }
      #expect(outcome.succeeded)
    }

    @Test("a line over 1 MiB is cut, and what was cut is counted")
    func longLine() async throws {
      let lines = Lines()
      let outcome = try await run(shell("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo next"), input: []) {
        lines.add($0)
      }
      #expect(lines.list.map(\.utf8.count) == [1 << 20, 4])
      #expect(outcome.droppedBytes == 3_000_000 - (1 << 20))
    }

    @Test("a program that prints without end is ended at its time limit")
    func endless() async throws {
      let outcome = try await run(shell("yes", limit: .milliseconds(300)), input: []) { _ in }
      #expect(outcome.termination == .timedOut)
      #expect(outcome.duration < .seconds(5))
    }
  }
}
