import Foundation
import MooringTestSupport
import Testing

/// A user namespace of its own, in which inotify may watch two folders.
private enum NarrowNamespace {
  static let starter = [
    "unshare", "--user", "--map-root-user", "sh", "-c",
    "echo 2 > /proc/sys/user/max_inotify_watches && exec \"$@\"", "sh",
  ]

  static let isAllowed = {
    // Where the program isn't there, it isn't allowed either.
    guard let process = try? Process.run(URL(filePath: "/usr/bin/env"), arguments: starter + ["true"]) else {
      return false
    }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}

/// The kernel's own limit of watches, and not the setting that stands for it in other tests.
@Suite(.inTurn, .enabled(if: NarrowNamespace.isAllowed, "needs user namespaces"))
struct WatchLimitTests {
  @Test func whereNoMoreFoldersAreWatchedScansFindChangesAndTheWayToRaiseTheLimitIsSaid() async throws {
    let machine = try Machine(["motd.txt": "hello\n"])
    try machine.configure(environment: ["drift: { scan: 1s }"])
    #expect(try await machine.mooring(["sync", "production"]).status == 0)
    try await machine.running(["run"], through: NarrowNamespace.starter) { watcher in
      try await watcher.lines.line(containing: "sysctl fs.inotify.max_user_watches=")
      try "good morning\n".write(toFile: machine.root + "/current/motd.txt", atomically: false, encoding: .utf8)
      try await watcher.lines.line(containing: "drift: current/motd.txt")
    }
  }
}
