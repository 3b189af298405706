import Glibc
import Synchronization

/// Ends the program, which makes the input a finding, when one input takes too much of the processor's time: that of the
/// process, not the clock's, so that a busy machine makes no findings.
final class Watchdog: Sendable {
  /// In processor seconds, for one input.
  static let limit = 5.0

  private let runs = Atomic<Int>(0)

  func start() {
    let thread = Thread { [self] in watch() }
    thread.run()
  }

  func next() { runs.wrappingAdd(1, ordering: .relaxed) }

  private func watch() -> Never {
    var seen = -1
    var since = 0.0
    while true {
      usleep(100_000)
      let now = Self.processorSeconds
      let current = runs.load(ordering: .relaxed)
      if current != seen { (seen, since) = (current, now) }
      if now - since > Self.limit { fatalError("one input has taken more than \(Self.limit) s of the processor") }
    }
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// A detached thread: the pool of Swift's tasks belongs to what is tested.
private struct Thread {
  let body: @Sendable () -> Void

  func run() {
    let box = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    if code != 0 { fatalError("no thread: \(code)") }
    pthread_detach(thread)
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
