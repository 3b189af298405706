import Glibc
import Testing

@testable import HostTarget

@Suite("Remembering processes") struct ProcessMemoryTests {
  private let start = ContinuousClock.now

  private func entry(_ id: pid_t, _ name: String = "sh", at time: ContinuousClock.Instant) throws
    -> ProcessMemory.Entry
  {
    let status = "Name:\t\(name)\nPPid:\t1\nUid:\t5\t6\t6\t6\nNSsid:\t77\t3\n"
    let record = try #require(ProcessRecord(id: id, status: Array(status.utf8)))
    return ProcessMemory.Entry(author: Author(record), candidates: [], seen: time)
  }

  @Test("status says who, whose child, and in whose session, by this namespace's numbers")
  func status() throws {
    let record = try entry(8, at: start).author.process
    #expect(record.name == "sh" && record.parent == 1 && record.session == 77)
    #expect(record.realUser == 5 && record.effectiveUser == 6)
  }

  @Test("a new process is its parent until it becomes something else, and its number's last owner is forgotten")
  func fork() throws {
    var memory = ProcessMemory(limit: 10)
    memory.remember(try entry(8, "bash", at: start), as: 8)
    memory.remember(try entry(9, "old", at: start), as: 9)
    memory.fork(8, to: 9, at: start)
    let child = try #require(memory[9]?.author)
    #expect(child.process.id == 9 && child.process.parent == 8 && child.process.name == "bash")
    #expect(child.ancestors.map(\.id) == [8])
    memory.fork(1000, to: 9, at: start)
    #expect(memory[9] == nil)
  }

  @Test("no more than the limit are remembered; those that ended go first, and what was seen lately goes last")
  func limit() throws {
    var memory = ProcessMemory(limit: 100)
    for id in 0..<50 {
      memory.remember(try entry(pid_t(id), at: start), as: pid_t(id))
      memory.end(pid_t(id), at: start)
    }
    let later = start + .seconds(2)
    for id in 50..<100 { memory.remember(try entry(pid_t(id), at: later), as: pid_t(id)) }
    memory.remember(try entry(100, at: later), as: 100)
    #expect(memory.count == 51 && memory[0] == nil && memory[50] != nil)
    for id in 101..<1000 { memory.remember(try entry(pid_t(id), at: later), as: pid_t(id)) }
    #expect(memory.count <= 100 && memory[999] != nil)
  }

  @Test("so many a second are admitted, and no more after a pause")
  func rate() {
    var limit = RateLimit(perSecond: 10)
    func admitted(at time: Duration) -> Int { (0..<50).count { _ in limit.admits(at: start + time) } }
    #expect(admitted(at: .zero) == 10)
    #expect(admitted(at: .milliseconds(550)) == 5)
    #expect(admitted(at: .seconds(60)) == 10)
  }

  @Test("the kernel tells who begins, becomes another program and ends", .enabled(if: geteuid() == 0))
  func events() throws {
    // Where the kernel doesn't have them, or this is a namespace of its own, there is nothing to read.
    guard let events = ProcessEvents() else { return }
    let status = system("exec /bin/true")
    #expect(status == 0)
    var seen: [ProcessEvents.Event] = []
    while let event = events.next() { seen.append(event) }
    let began = seen.compactMap { event -> pid_t? in
      if case .forked(let child, getpid()) = event { child } else { nil }
    }
    #expect(began.contains { seen.contains(.became($0)) && seen.contains(.ended($0)) })
  }
}
