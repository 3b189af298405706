import FoundationEssentials
import Glibc
import MooringModel
import MooringTestSupport
import Testing

@testable import HostTarget

extension WatchingTests {
  @Suite("The life of a watch on a host", .serialized)
  struct WatchLifeTests {
    private static let ways = WatchSettings.ways

    private func observe(_ host: Host, _ settings: WatchSettings, _ rules: LookRules = LookRules()) async
      -> WatchObserver
    {
      WatchObserver(await host.layout.watch(rules, settings))
    }

    @Test("a watch follows current to the release that it leads to", arguments: ways)
    func follows(way: WatchSettings.Way) async throws {
      let host = try Host()
      let (one, two) = (try WatchTests.contents(), try StaticContents(["app.conf": "port = 2\n"]))
      try await host.deploy(one)
      let observer = await observe(host, .strangers(way))
      try await host.deploy(two)
      try await observer.wait(for: "current")
      try await observer.wait(for: nil)
      observer.forget()
      shell("echo x >> old; touch a", in: host.folder[host.release(one)])
      host.tamper("\(host.release(two))/app.conf", with: "port = 3\n")
      try await observer.wait(for: "current/app.conf")
      #expect(observer.objects == ["current/app.conf"])
    }

    @Test("threads and descriptors are gone with the watch's last reference", .timeLimit(.minutes(1)), arguments: ways)
    func ends(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      // Iterated here, and not by a task that may keep its reference for a moment.
      var watch: LiveWatch? = await host.layout.watch(LookRules(), .strangers(way))
      host.tamper("\(host.release(contents))/app.conf", with: "port = 3\n")
      if let changes = watch?.changes {
        for await change in changes where change.object == ObjectName(written: "current/app.conf") { break }
      }
      watch = nil
      #expect(try Self.threads() == 0)
      #expect(try Self.notices(of: way) == 0)
    }

    @Test("who iterates and is cancelled ends the watch", arguments: ways)
    func cancelled(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let watch = await host.layout.watch(LookRules(), .strangers(way))
      let iterating = Task { for await _ in watch.changes {} }
      iterating.cancel()
      await iterating.value
      #expect(try Self.threads() == 0)
      #expect(try Self.notices(of: way) == 0)
    }

    @Test("however many roots are watched, one thread looks at processes", .enabled(if: geteuid() == 0))
    func sharedAuthors() async throws {
      let (one, two, contents) = (try Host(), try Host(), try WatchTests.contents())
      for host in [one, two] { try await host.deploy(contents) }
      let observers = [await observe(one, .strangers(.best)), await observe(two, .strangers(.best))]
      #expect(try Self.threads(["mooring-authors"]) <= 1)
      for (host, observer) in zip([one, two], observers) {
        host.tamper("\(host.release(contents))/app.conf", with: "port = 3\n")
        try await observer.wait(for: "current/app.conf")
      }
    }

    /// Threads of watches in this process.
    private static func threads(
      _ names: [String] = ["mooring-watch", "mooring-events", "mooring-authors"]
    ) throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { thread in
        // One that ended meanwhile has neither. One that was joined is still listed for a moment, as exiting.
        let name = (try? String(contentsOf: URL(filePath: "/proc/self/task/\(thread)/comm"), encoding: .utf8)) ?? ""
        let state = (try? String(contentsOf: URL(filePath: "/proc/self/task/\(thread)/stat"), encoding: .utf8)) ?? ""
        let fields = state.split(separator: ")").last?.split(separator: " ") ?? []
        let isExiting = fields.count > 6 ? (UInt(fields[6]) ?? 0) & 0x4 != 0 : true
        if isExiting { return false }
        return names.contains { name.hasPrefix($0) }
      }
    }

    private static func notices(of way: WatchSettings.Way) throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { descriptor in
        let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) ?? ""
        return target.contains(way == .best ? "fanotify" : "inotify") || target.contains("mountinfo")
      }
    }

    @Test("without enough watches there are only scans, and how to raise the limit is said")
    func limit() async throws {
      let host = try Host()
      try await host.deploy(try WatchTests.contents())
      var settings = WatchSettings.strangers(.inotify)
      settings.folderLimit = 4
      let watch = await host.layout.watch(LookRules(), settings)
      guard case .scans(let reason) = watch.means else {
        Issue.record("it is watched")
        return
      }
      #expect(reason.contains("sysctl fs.inotify.max_user_watches="))
      #expect(reason.contains(/: [0-9]+ watches and [0-9]+ instances are allowed/), "\(reason)")
      for await _ in watch.changes { Issue.record("there is nothing to tell") }
      #expect(try Self.threads() == 0)
      #expect(try Self.notices(of: .inotify) == 0)
    }

    @Test("a watch that reaches the limit later says that everything is to be looked at, and ends")
    func limitLater() async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      var settings = WatchSettings.strangers(.inotify)
      settings.folderLimit = 100
      let observer = await observe(host, settings)
      shell("chmod u+w .; for i in $(seq 150); do mkdir d$i; done", in: host.folder[host.release(contents)])
      try await observer.wait(for: nil)
    }

    @Test("notices that the kernel drops are everything to look at", arguments: ways)
    func overflow(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let folder = host.folder[host.release(contents)]
      chmod(folder, 0o755)
      let gate = Gate()
      var settings = WatchSettings.strangers(way)
      settings.changeLimit = .max
      settings.pause = { gate.pass() }
      let observer = await observe(host, settings)
      // More than the 16,384 that the kernel keeps (fs.inotify.max_queued_events, fs.fanotify.max_queued_events).
      for number in 0..<18_000 { close(open("\(folder)/f\(number)", O_CREAT | O_WRONLY, 0o644)) }
      gate.open()
      // Everything before is of single files; what comes after it isn't dropped any more.
      try await observer.wait { $0.last.map { $0.object == nil } ?? false }
      observer.forget()
      host.tamper("\(host.release(contents))/app.conf", with: "port = 3\n")
      try await observer.wait(for: "current/app.conf")
    }

    @Test("a queue that is full forgets what is in it, and says so; one that has ended says that at its end")
    func queue() throws {
      let queue = try NoticeQueue(limit: 10)
      let notice = FolderNotice(what: .changed, folder: .watch(1), at: .now)
      queue.add(Array(repeating: notice, count: 10))
      #expect(try queue.take().count == 10)
      queue.add(Array(repeating: notice, count: 10))
      queue.add([notice])
      #expect(try queue.take().map(\.what) == [.lost])
      queue.add([notice])
      queue.end(.limit)
      #expect(try queue.take().count == 1)
      #expect(throws: WatchRefusal.limit) { try queue.take() }
    }

    @Test(
      "a file that is replaced thousands of times is told less often, and nothing after it is lost", arguments: ways)
    func replaced(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let folder = host.folder[host.release(contents)]
      chmod(folder, 0o755)
      let observer = await observe(host, .strangers(way))
      for _ in 0..<5_000 {
        close(open("\(folder)/new", O_CREAT | O_WRONLY, 0o644))
        #expect(rename("\(folder)/new", "\(folder)/app.conf") == 0)
      }
      shell("echo > last", in: folder)
      // Where more happened than the kernel keeps it may have dropped that too, and everything is told after it.
      try await observer.wait { seen in
        let lost = seen.last.map { $0.object == nil } ?? false
        return lost || seen.contains { $0.object == ObjectName(written: "current/last") }
      }
      #expect(observer.objects.isSubset(of: ["everything", "current/app.conf", "current/new", "current/last"]))
      #expect(observer.seen.count < 5_000, "\(observer.seen.count)")
      observer.forget()
      shell("echo >> app.conf", in: folder)
      try await observer.wait(for: "current/app.conf")
    }

    @Test("changes that nobody takes become one of everything, and then one by one again")
    func slow() async throws {
      let buffer = ChangeBuffer(limit: 10)
      func change(_ name: String) -> LiveChange { LiveChange(object: ObjectName(written: name), at: .now) }
      for number in 0..<11 { buffer.add(change("\(number)")) }
      buffer.add(change("a"))
      buffer.add(change("b"))
      buffer.add(change("a"))
      buffer.end()
      var seen: [String?] = []
      while let next = await buffer.next() { seen.append(next.object?.string) }
      #expect(seen == [nil, "a", "b"])
    }

    @Test("a slow consumer's repetitions are bounded too", arguments: [1, 7, 1000])
    func bounded(takenAtOnce: Int) async throws {
      let buffer = ChangeBuffer(limit: 100)
      var seen: Set<String> = []
      for number in 0..<10_000 {
        buffer.add(LiveChange(object: ObjectName(written: "\(number % 90)"), at: .now))
        if number % 13 == 0, let next = await buffer.next() { seen.insert(next.object?.string ?? "everything") }
      }
      buffer.end()
      while let next = await buffer.next() { seen.insert(next.object?.string ?? "everything") }
      #expect(seen.count == 90 && !seen.contains("everything"))
    }

    @Test("what rules ignore and names of ours are not told", arguments: ways)
    func ignored(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let rules = LookRules(ignored: [try PathPattern("*.log", at: ""), try PathPattern("/cache/", at: "")])
      let observer = await observe(host, .strangers(way), rules)
      shell(
        "chmod u+w .; echo > a.log; mkdir cache; echo > cache/x; echo > .mooring-new-1; mkdir .mooring-x; echo > .mooring-x/y"
          + "; echo > last", in: host.folder[host.release(contents)])
      try await observer.wait(for: "current/last")
      // The folder's own mode, and what is at the end.
      #expect(observer.objects.subtracting(["everything"]) == ["current/last"])
    }

    @Test("deep trees made at once lose nothing that lasts", arguments: ways)
    func deepTrees(way: WatchSettings.Way) async throws {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let observer = await observe(host, .strangers(way))
      let folder = host.folder[host.release(contents)]
      let script =
        "chmod u+w .; for i in $(seq 100); do mkdir -p t$i/b/c/d; echo x > t$i/b/c/d/f; mv t$i u$i; echo y > u$i/b/g; done"
      shell(script, in: folder)
      let wanted = Set((1...100).flatMap { ["current/u\($0)/b/c/d/f", "current/u\($0)/b/g"] })
      try await observer.wait { seen in wanted.isSubset(of: seen.compactMap { $0.object?.string }) }
      observer.forget()
      shell("for i in $(seq 100); do echo z >> u$i/b/c/d/f; done", in: folder)
      try await observer.wait { seen in
        Set((1...100).map { "current/u\($0)/b/c/d/f" }).isSubset(of: seen.compactMap { $0.object?.string })
      }
    }

    @Test("in folders of others only what the inventory or the rules name is told", arguments: ways)
    func amongOthers(way: WatchSettings.Way) async throws {
      let host = try InPlaceHost()
      shell("mkdir -p nginx other watched/sub", in: host.folder["etc"])
      try await host.deploy(try StaticContents(["nginx/nginx.conf": "a\n", "top.conf": "b\n"]))
      let rules = LookRules(watched: [try RelativePath("watched")])
      let observer = WatchObserver(await host.layout.watch(rules, .strangers(way)))
      shell(
        "echo > other/x; echo > foreign; echo > nginx/foreign; echo > watched/sub/x; echo > watched/.x.swp; echo > watched/new;"
          + "echo >> nginx/nginx.conf; echo >> top.conf", in: host.folder["etc"])
      try await observer.wait(for: "top.conf")
      #expect(observer.objects == ["watched/new", "nginx/nginx.conf", "top.conf"])
      // A deployment that brings another folder.
      try await host.deploy(try StaticContents(["nginx/nginx.conf": "a\n", "made/x": "c\n"]), overwriting: true)
      try await observer.wait(for: nil)
      observer.forget()
      shell("echo > made/foreign", in: host.folder["etc"])
      try await observer.wait(for: "made/foreign")
    }
  }
}
