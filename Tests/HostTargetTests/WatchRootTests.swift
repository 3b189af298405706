import CLinux
import Glibc
import MooringModel
import MooringTestSupport
import Testing

@testable import HostTarget

extension WatchingTests {
  @Suite("Watching a host whose root comes, goes or is another", .serialized)
  struct WatchRootTests {
    private static let ways = WatchSettings.ways

    private func observe(_ host: Host, _ settings: WatchSettings) async -> WatchObserver {
      WatchObserver(await host.layout.watch(LookRules(), settings))
    }

    @Test("a watch begun before the root exists sees the first release", arguments: ways)
    func early(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      let observer = await observe(host, .strangers(way))
      mkdir(host.options.root, 0o755)
      try await observer.wait(for: nil)
      try await host.deploy(contents)
      // What is below it is watched when everything is told.
      try await observer.wait { seen in
        seen.last?.object == nil && seen.contains { $0.object == ObjectName(written: "current") }
      }
      host.tamper("\(host.release(contents))/app.conf", with: "port = 3\n")
      try await observer.wait(for: "current/app.conf")
    }

    @Test("a release that is there when its root is noticed is watched", arguments: ways)
    func earlyAtOnce(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      let gate = Gate()
      var settings = WatchSettings.strangers(way)
      settings.pause = { gate.pass() }
      let observer = await observe(host, settings)
      try await host.deploy(contents)
      gate.open()
      try await observer.wait(for: nil)
      host.tamper("\(host.release(contents))/app.conf", with: "port = 3\n")
      try await observer.wait(for: "current/app.conf")
    }

    @Test("a root that is moved away and comes back, or is replaced, is everything to look at", arguments: ways)
    func rootReplaced(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let observer = await observe(host, .strangers(way))
      // One notice of the root an act, so that nothing is told of it any more when the next begins.
      for act in ["mv app away", "mv away app", "cp -a app copy; mv app away", "mv copy app"] {
        shell(act, in: host.folder.path)
        try await observer.wait(for: nil)
        observer.forget()
      }
      host.tamper("\(host.release(contents))/app.conf", with: "port = 3\n")
      try await observer.wait(for: "current/app.conf")
    }

    @Test("a root that is exchanged for another in one instant is everything to look at", arguments: ways)
    func rootExchanged(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let observer = await observe(host, .strangers(way))
      shell("cp -a app copy", in: host.folder.path)
      let parent = open(host.folder.path, O_RDONLY | O_DIRECTORY)
      defer { close(parent) }
      #expect(mooring_exchange(parent, "app", "copy") == 0)
      try await observer.wait(for: nil)
      host.tamper("\(host.release(contents))/app.conf", with: "port = 3\n")
      try await observer.wait(for: "current/app.conf")
    }

    @Test("a folder above the root that is renamed is noticed", arguments: ways)
    func ancestorMoved(way: WatchSettings.Way) async throws {
      let folder = try TemporaryFolder()
      let host = try Host { $0.root = folder["above/app"] }
      mkdir(folder["above"], 0o755)
      try await host.deploy(try WatchTests.contents())
      let observer = await observe(host, .strangers(way))
      shell("mv above below", in: folder.path)
      try await observer.wait(for: nil)
      observer.forget()
      shell("mv below above", in: folder.path)
      try await observer.wait(for: nil)
    }

    @Test("a folder that is renamed is noticed where the root's path comes to it by a link", arguments: ways)
    func linkedAncestorMoved(way: WatchSettings.Way) async throws {
      let folder = try TemporaryFolder()
      let host = try Host { $0.root = folder["link/app"] }
      shell("mkdir -p real/above; ln -s real/above link", in: folder.path)
      try await host.deploy(try WatchTests.contents())
      let observer = await observe(host, .strangers(way))
      shell("mv real gone", in: folder.path)
      try await observer.wait(for: nil)
      observer.forget()
      shell("mv gone real", in: folder.path)
      try await observer.wait(for: nil)
    }
  }
}
