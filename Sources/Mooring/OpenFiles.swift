import Glibc

/// How many files and connections this process may have open.
enum OpenFiles {
  private static let resource = Int32(RLIMIT_NOFILE.rawValue)
  /// More than this nobody needs: a connection for each watch in a cluster.
  private static let enough: rlim_t = 65_536

  /// Raises the soft limit as far as the hard one lets it. Soft ones are often 1,024, for the sake of programs that call
  /// `select` (systemd.exec(5), "Process Properties").
  static func allowMany() {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < min(limit.rlim_max, enough) else { return }
    limit.rlim_cur = min(limit.rlim_max, enough)
    // Where it can't be raised, what isn't seen for that is told where it happens.
    _ = setrlimit(resource, &limit)
  }
}
