import Glibc

/// Watches one running program from a thread of its own: reads what it prints, feeds it its input, and ends it and its
/// process group when its time is up.
///
/// swift-subprocess has no deadline, throws when output exceeds a limit instead of keeping its end, and cuts a group's
/// life only on cancellation; so descriptors and signals are ours here, and starting and reaping are the library's.
struct Supervisor {
  /// How long a descendant may hold the output open after the program itself has ended.
  static let drainLimit = Duration.milliseconds(200)
  /// How often memory is looked at, where it is limited.
  private static let memoryInterval = Duration.milliseconds(100)

  /// The program's process id, which is its group's and its session's too.
  let process: pid_t
  /// Becomes readable when the program ends; -1 where the kernel has none (before Linux 5.3).
  let processDescriptor: Int32
  /// Becomes readable when the task that waits is cancelled.
  let cancellation: Int32
  let program: Program
  var streams: Streams
  /// Bytes that the program and its descendants may hold together; such a program gets no grace.
  let memoryLimit: Int?

  /// Longer than anybody waits, and short enough to add to a moment without overflow.
  private static let longestLimit = Duration.seconds(366 * 86_400)

  private let started = ContinuousClock.now
  private let deadline: ContinuousClock.Instant
  private var phase = Phase.running
  private var hasExited = false
  private var drainUntil: ContinuousClock.Instant?

  private enum Phase: Equatable {
    case running
    case asked(killAt: ContinuousClock.Instant)
    case killed
  }

  enum Ending { case byItself, timedOut, outOfMemory, cancelled }
  private var ending = Ending.byItself
  private var memoryLook = ContinuousClock.now

  init(
    process: pid_t, processDescriptor: Int32, cancellation: Int32, program: Program,
    streams: Streams, memoryLimit: Int? = nil
  ) {
    self.process = process
    self.processDescriptor = processDescriptor
    self.cancellation = cancellation
    self.program = program
    self.streams = streams
    self.memoryLimit = memoryLimit
    deadline = started + min(program.timeLimit, Self.longestLimit)
  }

  struct Result: Sendable {
    var ending: Ending
    var output: String
    var droppedBytes: Int
    var duration: Duration
  }

  /// Returns when the program has ended and its output too, or when waiting longer for either is over.
  mutating func run() -> Result {
    while !isOver() {
      act(at: .now)
      wait()
    }
    // Whoever of the group is left outlived the program without a session of its own. The leader isn't reaped before we
    // return, so the group's number is still the group's.
    kill(-process, SIGKILL)
    let (text, dropped) = streams.finish()
    return Result(ending: ending, output: text, droppedBytes: dropped, duration: ContinuousClock.now - started)
  }

  private func isOver() -> Bool {
    guard hasExited else { return false }
    if !streams.areOpen { return true }
    return drainUntil.map { ContinuousClock.now >= $0 } ?? false
  }

  private mutating func act(at now: ContinuousClock.Instant) {
    switch phase {
    case .running where !hasExited && now >= deadline: ask(because: .timedOut, at: now)
    case .running where !hasExited && holdsTooMuch(at: now): ask(because: .outOfMemory, at: now)
    case .asked(let killAt) where now >= killAt:
      kill(-process, SIGKILL)
      phase = .killed
      drainUntil = now + Self.drainLimit
    default: break
    }
  }

  private mutating func ask(because reason: Ending, at now: ContinuousClock.Instant) {
    guard phase == .running else { return }
    ending = reason
    if memoryLimit != nil {
      // Also by its own number: who has set up a group of its own is its child, and ends with it in its namespace.
      kill(-process, SIGKILL)
      kill(process, SIGKILL)
      phase = .killed
      drainUntil = now + Self.drainLimit
      return
    }
    kill(-process, SIGTERM)
    // A stopped program can't take the hint.
    kill(-process, SIGCONT)
    phase = .asked(killAt: now + min(program.graceBeforeKill, Self.longestLimit))
  }

  private mutating func holdsTooMuch(at now: ContinuousClock.Instant) -> Bool {
    guard let memoryLimit, now >= memoryLook else { return false }
    memoryLook = now + Self.memoryInterval
    return ProcessFamily(leader: process).residentBytes() > memoryLimit
  }

  private mutating func wait() {
    let own = [
      pollfd(fd: hasExited ? -1 : processDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: phase == .running ? cancellation : -1, events: Int16(POLLIN), revents: 0),
    ]
    var descriptors = own + streams.awaited
    guard poll(&descriptors, nfds_t(descriptors.count), timeout()) >= 0 else { return }
    if descriptors[1].revents != 0 { ask(because: .cancelled, at: .now) }
    streams.move(ready: descriptors.dropFirst(own.count).filter { $0.revents != 0 }.map(\.fd))
    if !hasExited, descriptors[0].revents != 0 || (processDescriptor < 0 && leaderHasEnded()) { noteExit() }
  }

  private mutating func noteExit() {
    hasExited = true
    streams.closeInput()
    let now = ContinuousClock.now
    switch phase {
    case .running: drainUntil = now + Self.drainLimit
    case .asked(let killAt): drainUntil = killAt
    case .killed: drainUntil = now + Self.drainLimit
    }
  }

  private func leaderHasEnded() -> Bool {
    var info = siginfo_t()
    let found = waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
    return found != 0 || info.si_signo != 0
  }

  /// Milliseconds until something is due; rounded up, so that it is due indeed when poll returns.
  private func timeout() -> Int32 {
    let due: ContinuousClock.Instant? =
      switch phase {
      case .running: hasExited ? drainUntil : deadline
      case .asked(let killAt): hasExited ? drainUntil : killAt
      case .killed: hasExited ? drainUntil : nil
      }
    let longest: Duration =
      processDescriptor < 0 ? .milliseconds(20) : memoryLimit == nil ? .seconds(60) : Self.memoryInterval
    let left = min(longest, due.map { $0 - .now } ?? longest)
    let (seconds, attoseconds) = left.components
    return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
  }
}
