import Glibc

/// Writing to a pipe whose reader may be gone, without the signal that would end us.
enum BrokenPipe {
  /// Returns how much was written, and the `errno` when nothing could be.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> (sent: Int, failure: Int32) {
    var mask = sigset_t()
    var before = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &mask, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let sent = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard sent < 0 else { return (sent, 0) }
    let failure = errno
    if failure == EPIPE {
      // The signal goes to the thread that wrote, so it is ours to take away.
      var atOnce = timespec()
      sigtimedwait(&mask, nil, &atOnce)
    }
    return (0, failure)
  }
}
