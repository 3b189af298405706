import Glibc
import MooringModel
import MooringTestSupport
import Testing

@testable import HostTarget

extension WatchingTests {
  /// What is mounted here goes with the mount namespace of the tests, or is unmounted at the end of each.
  @Suite("Watching a host where file systems come and go", .serialized)
  struct WatchMountTests {
    private static let ways = WatchSettings.ways
    private static let mayMount = geteuid() == 0 && shell("unshare --mount mount -t tmpfs none /mnt") == 0

    @Test(
      "a file system that is mounted over the root, and unmounted, is noticed, and never kept from that",
      .enabled(if: mayMount, "mounting needs CAP_SYS_ADMIN"), arguments: ways, ["app", "my app"])
    func over(way: WatchSettings.Way, root: String) async throws {
      let folder = try TemporaryFolder()
      let (host, contents) = (try Host { $0.root = folder[root] }, try WatchTests.contents())
      try await host.deploy(contents)
      let observer = WatchObserver(await host.layout.watch(LookRules(), .strangers(way)))
      #expect(shell("mount -t tmpfs none '\(root)'", in: folder.path) == 0)
      try await observer.wait(for: nil)
      observer.forget()
      #expect(shell("umount '\(root)'", in: folder.path) == 0)
      try await observer.wait(for: nil)
      shell("echo x >> current/app.conf", in: folder[root])
      try await observer.wait(for: "current/app.conf")
    }

    @Test(
      "a root that is a file system of its own can be unmounted, and is watched when it is mounted again",
      .enabled(if: mayMount, "mounting needs CAP_SYS_ADMIN"), arguments: ways)
    func own(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      shell("mkdir app backing; mount --bind backing app", in: host.folder.path)
      defer { shell("umount app", in: host.folder.path) }
      try await host.deploy(contents)
      let observer = WatchObserver(await host.layout.watch(LookRules(), .strangers(way)))
      #expect(shell("umount app", in: host.folder.path) == 0)
      try await observer.wait(for: nil)
      observer.forget()
      #expect(shell("mount --bind backing app", in: host.folder.path) == 0)
      try await observer.wait(for: nil)
      shell("echo x >> app.conf", in: host.folder[host.release(contents)])
      try await observer.wait(for: "current/app.conf")
    }

    @Test(
      "what is mounted below the root from elsewhere is watched, by whichever path it is changed",
      .enabled(if: mayMount, "mounting needs CAP_SYS_ADMIN"), arguments: ways)
    func bound(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let observer = WatchObserver(await host.layout.watch(LookRules(), .strangers(way)))
      let mounted = host.folder["\(host.release(contents))/deep"]
      shell("mkdir elsewhere; mount --bind elsewhere \(mounted)", in: host.folder.path)
      try await observer.wait(for: nil)
      observer.forget()
      shell("echo x > elsewhere/foreign", in: host.folder.path)
      try await observer.wait(for: "current/deep/foreign")
      observer.forget()
      #expect(shell("umount \(mounted)") == 0)
      try await observer.wait(for: nil)
      observer.forget()
      shell("echo x >> deep/other", in: host.folder[host.release(contents)])
      try await observer.wait(for: "current/deep/other")
    }

    @Test(
      "the mount point of a line of mountinfo, with what is escaped in it",
      arguments: [
        ("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw", "/mnt2"),
        ("36 35 98:0 / /my\\040app\\134x rw - ext3 /dev/root rw", "/my app\\x"),
        ("36 35 98:0 / / rw - ext3 /dev/root rw", ""),
      ])
    func points(line: String, point: String) {
      #expect(MountTable.point(of: Array(line.utf8)) == Array(point.utf8))
      #expect(MountTable.point(of: Array("36 35".utf8)) == nil)
    }
  }
}
