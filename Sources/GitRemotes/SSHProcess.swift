import Dispatch
import Glibc

/// A running `ssh` and the ends of its streams that are ours. It stays in our process group, so that whoever ends us
/// ends it too.
///
/// `@unchecked Sendable`: what changes is touched on `queue` only, and `said` on `errorQueue` only.
final class SSHProcess: @unchecked Sendable {
  /// How much of what it says on standard error is kept.
  static let errorBytes = 16_384

  private let process: pid_t
  private let input: Int32
  private let output: Int32
  private let errors: Int32
  private let queue = DispatchQueue(label: "ssh")
  private let errorQueue = DispatchQueue(label: "ssh errors")
  private var hasEnded = false
  private var status: Int32?
  private var said: [UInt8] = []

  /// - Throws: `invalid` where it can't be started.
  init(_ arguments: [String], environment: [String: String]) throws(RemoteError) {
    var ends: [Int32] = []
    while ends.count < 6, let pair = Self.pair() { ends += pair }
    guard ends.count == 6 else {
      for end in ends { close(end) }
      throw RemoteError(.invalid, "there are no descriptors left for ssh")
    }
    let (started, code) = Self.spawn(arguments, environment, streams: [ends[1], ends[3], ends[5]])
    for end in [ends[1], ends[3], ends[5]] { close(end) }
    guard let started else {
      for end in [ends[0], ends[2], ends[4]] { close(end) }
      throw RemoteError(
        .invalid, "\(arguments[0]) can't be started: \(String(cString: strerror(code)))",
        remedy: "install the OpenSSH client")
    }
    (process, input, output, errors) = (started, ends[0], ends[2], ends[4])
    errorQueue.async { self.keepErrors() }
  }

  deinit {
    end()
    for end in [input, output, errors] { close(end) }
  }

  /// Sockets rather than pipes, of which none can be passed on by accident, and which are written to without a signal.
  private static func pair() -> [Int32]? {
    var two: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return socketpair(AF_UNIX, kind, 0, &two) == 0 ? two : nil
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String: String], streams: [Int32]
  ) -> (pid_t?, Int32) {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, stream) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
    }
    // Threads of the library block signals, and a program starts with what its parent's thread blocks.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, arguments[0], &actions, &attributes, &argv, &envp)
    return (code == 0 ? process : nil, code)
  }

  // MARK: Streams

  enum Reading { case bytes([UInt8]), end, stalled }

  /// What comes next, waiting for at most `limit`.
  func read(within limit: Duration) async -> Reading {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.readNow(limit)) }
    }
  }

  private func readNow(_ limit: Duration) -> Reading {
    guard !hasEnded else { return .end }
    guard Self.wait(for: output, Int16(POLLIN), limit) else { return .stalled }
    let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      count = max(0, Glibc.read(output, buffer.baseAddress, buffer.count))
    }
    return bytes.isEmpty ? .end : .bytes(bytes)
  }

  enum Writing { case done, broken, stalled }

  /// Writes all, waiting for at most `limit` where nothing can be written.
  func write(_ bytes: [UInt8], within limit: Duration) async -> Writing {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.writeNow(bytes, limit)) }
    }
  }

  private func writeNow(_ bytes: [UInt8], _ limit: Duration) -> Writing {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard !hasEnded else { return .broken }
      guard Self.wait(for: input, Int16(POLLOUT), limit) else { return .stalled }
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      let sent = rest.withUnsafeBytes { send(input, $0.baseAddress, $0.count, flags) }
      if sent < 0, errno != EAGAIN, errno != EINTR { return .broken }
      rest = rest.dropFirst(max(0, sent))
    }
    return .done
  }

  private static func wait(for descriptor: Int32, _ events: Int16, _ limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
      var poller = pollfd(fd: descriptor, events: events, revents: 0)
      let left = max(.zero, deadline - .now)
      let found = poll(&poller, 1, Int32(clamping: Int64(left / .milliseconds(1)) + 1))
      if found > 0 { return true }
      if found < 0, errno != EINTR { return true }
      if ContinuousClock.now >= deadline { return false }
    }
  }

  private func keepErrors() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(errors, &buffer, buffer.count)
      if count <= 0 { return }
      said.append(contentsOf: buffer[..<count])
      if said.count > Self.errorBytes { said.removeFirst(said.count - Self.errorBytes) }
    }
  }

  // MARK: Its end

  /// Closes its input, lets it end within `limit` or ends it, and returns its status and what it said.
  func finish(within limit: Duration) async -> (status: Int32, said: String) {
    await withCheckedContinuation { continuation in
      queue.async {
        shutdown(self.input, Int32(SHUT_WR))
        // Its end is the end of what it says.
        if !Self.wait(for: self.output, 0, limit) { self.end() }
        let status = self.reap()
        // What it leaves behind could hold its standard error open: nothing does, for nothing is forwarded.
        self.errorQueue.async { continuation.resume(returning: (status, String(decoding: self.said, as: UTF8.self))) }
      }
    }
  }

  private func end() {
    guard !hasEnded else { return }
    kill(process, SIGKILL)
    _ = reap()
  }

  private func reap() -> Int32 {
    if let status { return status }
    var found: Int32 = 0
    while waitpid(process, &found, 0) < 0 { if errno != EINTR { break } }
    hasEnded = true
    let code = found & 0x7f == 0 ? (found >> 8) & 0xff : 128 + (found & 0x7f)
    status = code
    return code
  }
}
