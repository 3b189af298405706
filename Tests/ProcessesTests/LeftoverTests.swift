import FoundationEssentials
import Glibc
import Processes
import Testing

extension ProcessesTests {
  // In a process of its own, since the other tests have descriptors and children too.
  @Test("200 runs leave no descriptor and no zombie")
  func nothingLeft() async throws {
    await #expect(processExitsWith: .success) {
      let descriptors = { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
      let program = Program(["/bin/sh", "-c", "exit 1"], timeLimit: .seconds(20))
      _ = try await run(program)
      let before = try descriptors()
      for _ in 0..<100 {
        _ = try await run(program)
        _ = try await run(Program(["cat"], timeLimit: .seconds(20)), input: [1, 2, 3]) { _ in }
      }
      // What belongs to a run is closed beside its end, at the latest soon after: a handful may be open at a look, and
      // 200 runs that each left one would leave 200.
      #expect(try descriptors() < before + 20)
      for _ in 0..<100 {
        await #expect(throws: ProgramError.self) { try await run(Program(["/no/such"], timeLimit: .seconds(1))) }
      }
      #expect(try descriptors() < before + 20)
      var info = siginfo_t()
      #expect(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1)
      #expect(errno == ECHILD)
    }
  }

  @Test("a lock of ours is not the child's, even without close-on-exec")
  func lockIsNotInherited() async throws {
    // In a process of its own: programs that other tests start at this moment would inherit the descriptor.
    await #expect(processExitsWith: .success) {
      var template = Array("/tmp/mooring-lock.XXXXXX".utf8CString)
      let descriptor = mkstemp(&template)
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      defer { unlink(path) }
      #expect(flock(descriptor, LOCK_EX) == 0)
      #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC == 0)
      // The daemon outlives our hold on the lock; were the descriptor inherited, it would go on holding it.
      let script = "setsid sleep 2 >/dev/null 2>&1 & ls -l /proc/$$/fd | grep -c mooring-lock"
      let outcome = try await run(Program(["/bin/sh", "-c", script], timeLimit: .seconds(20)))
      #expect(outcome.output == "0\n")
      close(descriptor)
      let again = open(path, O_RDWR)
      defer { close(again) }
      #expect(flock(again, LOCK_EX | LOCK_NB) == 0)
    }
  }
}
