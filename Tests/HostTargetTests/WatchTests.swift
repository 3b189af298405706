import Glibc
import MooringModel
import MooringTestSupport
import Testing

@testable import HostTarget

// One after the other: each watch takes one of the 128 instances of inotify that a user has.
extension WatchingTests {
  @Suite("Watching a host", .serialized)
  struct WatchTests {
    /// What somebody does in the folder of the live release, and the object that is told of it.
    static let acts: [(act: String, object: String)] = [
      ("echo more >> app.conf", "app.conf"),
      ("echo other > app.conf", "app.conf"),
      ("echo new > added.conf", "added.conf"),
      ("mkfifo pipe", "pipe"),
      ("rm app.conf", "app.conf"),
      ("chmod 600 app.conf", "app.conf"),
      ("touch app.conf", "app.conf"),
      ("ln -s elsewhere link", "link"),
      ("rm old-link; ln -s elsewhere old-link", "old-link"),
      ("mv app.conf moved.conf", "app.conf"),
      ("mv app.conf moved.conf", "moved.conf"),
      ("sed -i s/1/2/ app.conf", "app.conf"),
      ("echo x > deep/er/file", "deep/er/file"),
      ("chmod 700 deep/er", "deep/er"),
      ("rm -r deep", "deep"),
      ("mkdir fresh", "fresh"),
      ("mkdir -p a/b/c/d && echo x > a/b/c/d/e", "a/b/c/d/e"),
      ("mv deep shallow && echo y > shallow/er/file", "shallow/er/file"),
      ("mv deep shallow; mkdir deep; echo y > deep/new", "deep/new"),
      ("mv deep ../deep; mv ../deep back; echo y > back/er/file", "back/er/file"),
      ("printf x > \"$(printf 'new\\nline')\"", "new\\x0aline"),
      ("mkdir \"$(printf 'a\\nb')\"; printf x > \"$(printf 'a\\nb/c\\nd')\"", "a\\x0ab/c\\x0ad"),
      ("rm app.conf; mkfifo app.conf", "app.conf"),
      ("rm -r deep; mkfifo deep", "deep"),
      ("perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => \"socket\", Listen => 1)'", "socket"),
      ("ln app.conf hard", "hard"),
      ("truncate -s 1M app.conf", "app.conf"),
      ("setfattr -n user.a -v b app.conf 2>/dev/null || touch app.conf", "app.conf"),
    ]

    static let cases = WatchSettings.ways.flatMap { way in acts.map { (way, $0.act, $0.object) } }

    static func contents() throws -> StaticContents {
      try StaticContents([
        "app.conf": "port = 1\n", "old-link": .link("somewhere"), "deep/er/file": "x\n", "deep/other": "y\n",
      ])
    }

    @Test("every kind of change in the live release is told", arguments: cases)
    func switchLayout(way: WatchSettings.Way, act: String, object: String) async throws {
      let (host, contents) = (try Host(), try Self.contents())
      try await host.deploy(contents)
      shell("chmod -R u+w .", in: host.folder[host.release(contents)])
      let observer = WatchObserver(await host.layout.watch(LookRules(), .strangers(way)))
      #expect((observer.means == .processes) == (way == .best))
      shell(act, in: host.folder[host.release(contents)])
      #expect(!(try await observer.wait(for: "current/\(object)").isOurs))
    }

    @Test("every kind of change in a folder that Mooring made among those of others is told", arguments: cases)
    func inPlaceLayout(way: WatchSettings.Way, act: String, object: String) async throws {
      let host = try InPlaceHost()
      let contents = try StaticContents([
        "conf/app.conf": "port = 1\n", "conf/old-link": .link("somewhere"), "conf/deep/er/file": "x\n",
        "conf/deep/other": "y\n",
      ])
      try await host.deploy(contents)
      let observer = WatchObserver(await host.layout.watch(LookRules(), .strangers(way)))
      shell(act, in: host.folder["etc/conf"])
      try await observer.wait(for: "conf/\(object)")
    }
  }
}
