import Glibc

/// What this process has used.
enum Usage {
  /// Seconds of CPU, in user and kernel mode.
  static var seconds: Double {
    let usage = own
    let micro = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + micro
  }

  /// The most memory that there ever was, in MiB.
  static var mostMemory: Int { own.ru_maxrss / 1_024 }

  private static var own: rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }
}
