import Glibc

/// The ends of a program's pipes that are ours, and what has come out of them.
struct Streams: Sendable {
  /// Everything that is kept as text: standard error, and standard output too unless lines of it are asked for.
  private var tail: OutputTail
  let text: Pipe
  private let lines: Pipe?
  private let input: Pipe?
  private var unsent: ArraySlice<UInt8>
  private var splitter = LineSplitter()
  private let onLine: @Sendable (String) -> Void
  /// Whether more requests follow on standard input.
  private var keepsInputOpen = false

  init(
    text: Pipe, lines: Pipe? = nil, input: Pipe? = nil, bytes: [UInt8] = [], limit: Int,
    onLine: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.text = text
    self.lines = lines
    self.input = input
    self.onLine = onLine
    unsent = bytes[...]
    tail = OutputTail(limit: limit)
    for end in [text.readEnd, lines?.readEnd, input?.writeEnd].compactMap({ $0 }) { text.setNonblocking(end) }
    if bytes.isEmpty { input?.closeWriteEnd() }
  }

  /// For a program that serves requests: its input stays open after each.
  init(serving text: Pipe, lines: Pipe, input: Pipe, limit: Int) {
    self.text = text
    self.lines = lines
    self.input = input
    onLine = { _ in }
    unsent = []
    keepsInputOpen = true
    tail = OutputTail(limit: limit)
    for end in [text.readEnd, lines.readEnd, input.writeEnd] { text.setNonblocking(end) }
  }

  /// Whether more lines can come.
  var linesAreOpen: Bool { (lines?.readEnd ?? -1) >= 0 }

  /// Queues more input.
  mutating func send(_ bytes: [UInt8]) { unsent += bytes }

  /// Whether the program, or somebody who inherited its output, may still print.
  var areOpen: Bool { text.readEnd >= 0 || (lines?.readEnd ?? -1) >= 0 }

  /// What `poll` should wait for; closed ends are -1, which it skips.
  var awaited: [pollfd] {
    [
      pollfd(fd: text.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: lines?.readEnd ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: unsent.isEmpty ? -1 : input?.writeEnd ?? -1, events: Int16(POLLOUT), revents: 0),
    ]
  }

  /// Moves what can be moved without waiting through the descriptors that are ready.
  mutating func move(ready: [Int32]) { move(ready: ready, onLine: onLine) }

  /// The same, with each line handed to somebody else.
  mutating func move(ready: [Int32], onLine: (String) -> Void) {
    for descriptor in ready {
      if descriptor == text.readEnd {
        read(text) { $0.tail.append($1) }
      } else if let lines, descriptor == lines.readEnd {
        read(lines) { streams, chunk in streams.splitter.append(chunk, onLine: onLine) }
      } else if let input, descriptor == input.writeEnd {
        send(to: input)
      }
    }
  }

  /// Ends it all: closes what is open, and returns what was kept.
  mutating func finish() -> (text: String, droppedBytes: Int) {
    // Here rather than with the last reference, which the supervisor's thread may hold a moment longer than the caller
    // waits.
    for pipe in [text, lines, input] {
      pipe?.closeReadEnd()
      pipe?.closeWriteEnd()
    }
    splitter.finish(onLine: onLine)
    tail.drop(splitter.droppedBytes)
    return tail.finish()
  }

  /// Closes our copies of the ends that the program holds now, so that its end is the end of the stream.
  func closeChildEnds() {
    text.closeWriteEnd()
    lines?.closeWriteEnd()
    input?.closeReadEnd()
  }

  func closeInput() { input?.closeWriteEnd() }

  /// One read a turn, so that a program that prints without end can't keep us from its deadline.
  private mutating func read(_ pipe: Pipe, keep: (inout Streams, ArraySlice<UInt8>) -> Void) {
    var failure: Int32 = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      let got = Glibc.read(pipe.readEnd, buffer.baseAddress, buffer.count)
      failure = got < 0 ? errno : 0
      count = max(0, got)
    }
    if failure == EAGAIN || failure == EINTR { return }
    // Nothing more comes: end of file, or a failure that no second try would mend.
    if chunk.isEmpty { return pipe.closeReadEnd() }
    keep(&self, chunk[...])
  }

  private mutating func send(to input: Pipe) {
    let (sent, failure) = BrokenPipe.write(unsent, to: input.writeEnd)
    unsent = unsent.dropFirst(sent)
    // A program that ends, or closes its input, before it has read everything is free to.
    let isDone = unsent.isEmpty && !keepsInputOpen
    if isDone || (failure != 0 && failure != EAGAIN && failure != EINTR) { input.closeWriteEnd() }
  }
}
