import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("What isn't as the last deployment left it")
struct LookTests {
  let release: StaticContents

  init() throws {
    release = try StaticContents([
      "app.conf": "port = 1\n", "bin/start": .script("#!/bin/sh\n"), "conf/a": "a", "conf/deep/b": "b",
      "alias": .link("conf"), "current": "a file of this name",
    ])
  }

  /// What a hand can do below the release's folder, and what is found: `object expected → found`.
  static let changes: [(name: String, found: [String], change: @Sendable (String) throws -> Void)] = [
    ("nothing", [], { _ in }),
    ("bytes", ["app.conf file → file"], { at in write("port = 2\n", at + "/app.conf") }),
    ("a mode", ["bin/start file → file"], { at in chmod(at + "/bin/start", 0o4555) }),
    ("an owner", ["app.conf file → file"], { at in chown(at + "/app.conf", 12, 34) }),
    ("a folder's mode", ["conf folder → folder"], { at in chmod(at + "/conf", 0o777) }),
    ("a file removed", ["conf/a file → nothing"], { at in unlink(at + "/conf/a") }),
    ("a file added", ["conf/new nothing → file"], { at in write("x", at + "/conf/new") }),
    (
      "a folder added, with things in it", ["conf/new nothing → folder"],
      { at in
        mkdir(at + "/conf/new", 0o755)
        write("x", at + "/conf/new/x")
      }
    ),
    (
      "a folder moved away",
      [
        "conf folder → nothing", "conf/a file → nothing", "conf/deep folder → nothing",
        "conf/deep/b file → nothing",
      ], { at in rename(at + "/conf", at + "/../moved") }
    ),
    (
      "a folder replaced by a link to itself",
      ["conf folder → link", "conf/a file → nothing", "conf/deep folder → nothing", "conf/deep/b file → nothing"],
      { at in
        rename(at + "/conf", at + "/../moved")
        symlink("../moved", at + "/conf")
      }
    ),
    (
      "a file replaced by a folder", ["app.conf file → folder"],
      { at in
        unlink(at + "/app.conf")
        mkdir(at + "/app.conf", 0o755)
        write("x", at + "/app.conf/x")
      }
    ),
    (
      "a link that leads elsewhere", ["alias link → link"],
      { at in
        unlink(at + "/alias")
        symlink("/etc", at + "/alias")
      }
    ),
    (
      "a pipe", ["app.conf file → other"],
      { at in
        unlink(at + "/app.conf")
        mkfifo(at + "/app.conf", 0o444)
      }
    ),
    (
      "a socket", ["conf/new nothing → other"],
      { at in
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let here = open(at + "/conf", O_RDONLY | O_DIRECTORY)
        defer { close(here) }
        // By a short way: an address has room for 108 bytes.
        let place = "/proc/self/fd/\(here)/new"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: place.utf8) }
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        _ = withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, size) }
        }
      }
    ),
    (
      "a device", ["app.conf file → other"],
      { at in
        unlink(at + "/app.conf")
        // This one may be made by anybody.
        mknod(at + "/app.conf", S_IFCHR | 0o444, 0)
      }
    ),
    (
      "names of any bytes", ["\\xff nothing → file", "a\\x0ab nothing → file"],
      { at in
        write("x", at + "/a\nb")
        close(
          at.withCString { _ in open(Array((at + "/").utf8CString.dropLast()) + [-1, 0], O_CREAT | O_WRONLY, 0o644) })
      }
    ),
  ]

  @Test("is found and named, with the cache and without, at each look", arguments: changes.indices)
  func found(_ index: Int) async throws {
    let change = Self.changes[index]
    let host = try Host()
    try await host.deploy(release)
    let layout = SwitchLayout(host.options, cache: host.folder["cache"])
    #expect(try await layout.differences(from: release, in: .everything, LookRules()).differences.isEmpty)
    try change.change(host.folder[host.release(release)])
    let wanted = change.found.map { "current/\($0)" }
    for look in [layout, layout, SwitchLayout(host.options, cache: host.folder["cache"]), SwitchLayout(host.options)] {
      let report = try await look.differences(from: release, in: .everything, LookRules())
      #expect(report.differences.map(Self.text) == wanted, "\(change.name)")
      #expect(report.compared == 11, "all files and links, the folders, the release and the link to it")
      #expect(report.unseen.isEmpty)
    }
  }

  @Test("the link to the live release: gone, elsewhere, a folder")
  func link() async throws {
    let host = try Host()
    let other = try StaticContents(["other": "x"])
    try await host.deploy(other)
    try await host.deploy(release)
    let current = host.folder["app/current"]
    for (change, found) in [
      ({ unlink(current) }, "nothing"), ({ symlink("releases/\(other.digest.hex)", current) }, "link"),
      ({ unlink(current) + mkdir(current, 0o755) }, "folder"),
    ] as [(() -> Int32, String)] {
      #expect(change() == 0)
      let report = try await host.layout.differences(from: release, in: .everything, LookRules())
      #expect(report.differences.map(Self.text) == ["current link → \(found)"])
    }
  }

  @Test("a release's folder that is gone is one difference; a root or releases that are gone are a fault")
  func gone() async throws {
    let host = try Host()
    let other = try StaticContents(["other": "x"])
    try await host.deploy(other)
    try await host.deploy(release)
    try FileManager.default.removeItem(atPath: host.folder[host.release(release)])
    let report = try await host.layout.differences(from: release, in: .everything, LookRules())
    #expect(report.differences.map(Self.text) == ["releases/\(release.digest.hex) folder → nothing"])
    for path in ["app/releases", "app"] {
      try FileManager.default.removeItem(atPath: host.folder[path])
      await #expect(throws: Fault.self) {
        try await host.layout.differences(from: release, in: .everything, LookRules())
      }
    }
    symlink(host.folder.path, host.folder["app"])
    await #expect(throws: Fault.self) { try await host.layout.differences(from: release, in: .everything, LookRules()) }
  }

  @Test("only what is asked for is looked at, and what is in it")
  func scope() async throws {
    let host = try Host()
    try await host.deploy(release)
    let at = host.folder[host.release(release)]
    Self.write("2", at + "/app.conf")
    Self.write("2", at + "/conf/deep/b")
    Self.write("2", at + "/conf/new")
    mkdir(at + "/more", 0o755)
    Self.write("2", at + "/more/inner")
    func look(_ paths: [String]) async throws -> [String] {
      let scope = LookScope.objects(Set(paths.map { ObjectName(path: $0.utf8) }))
      return try await host.layout.differences(from: release, in: scope, LookRules()).differences.map(\.object.string)
    }
    #expect(try await look(["current/app.conf"]) == ["current/app.conf"])
    #expect(try await look(["current/conf/a", "current/nothing", "elsewhere"]) == [])
    #expect(try await look(["current/conf"]) == ["current/conf/deep/b", "current/conf/new"])
    #expect(try await look(["current/conf/deep/b", "current/conf"]) == ["current/conf/deep/b", "current/conf/new"])
    #expect(try await look(["current/more/inner", "current/more/other"]) == ["current/more"])
    #expect(try await look(["current"]).count == 4)
    #expect(try await look([]) == [])
  }

  @Test("rules keep objects out of sight, and what editors keep")
  func rules() async throws {
    let host = try Host()
    try await host.deploy(release)
    let at = host.folder[host.release(release)]
    Self.write("2", at + "/app.conf")
    Self.write("2", at + "/conf/deep/b")
    Self.write("2", at + "/.app.conf.swp")
    Self.write("2", at + "/debug.log")
    let rules = try LookRules(ignored: ["*.log", "/conf/deep"].map { try PathPattern($0, at: "") })
    for _ in 0..<2 {
      let report = try await host.layout.differences(from: release, in: .everything, rules)
      #expect(report.differences.map(\.object.string) == ["current/app.conf"])
    }
    let report = try await host.layout.differences(from: release, in: .everything, LookRules())
    #expect(report.differences.count == 3)
  }

  @Test("a change that keeps size and times of content is found, also by a cache")
  func sameSizeAndTime() async throws {
    let host = try Host()
    try await host.deploy(release)
    let path = host.folder[host.release(release)] + "/app.conf"
    let layout = SwitchLayout(host.options, cache: host.folder["cache"])
    var status = stat()
    // Until the file's times are far enough back to be believed.
    repeat {
      _ = try await layout.differences(from: release, in: .everything, LookRules())
      lstat(path, &status)
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      if now.tv_sec > status.st_ctim.tv_sec + 1 { break }
    } while true
    let file = open(path, O_WRONLY)
    #expect(pwrite(file, "port = 9", 8, 0) == 8)
    futimens(file, [status.st_atim, status.st_mtim])
    close(file)
    for look in [layout, SwitchLayout(host.options, cache: host.folder["cache"])] {
      let report = try await look.differences(from: release, in: .everything, LookRules())
      #expect(report.differences.map(Self.text) == ["current/app.conf file → file"])
    }
  }

  @Test("a cache that is damaged, cut off or of something else is no harm", arguments: [0, 8, 20, 60, 700, -1])
  func damagedCache(_ place: Int) async throws {
    let host = try Host()
    try await host.deploy(release)
    let cache = host.folder["cache"]
    _ = try await SwitchLayout(host.options, cache: cache).differences(from: release, in: .everything, LookRules())
    let name = try #require(try host.folder.names("cache").first)
    var bytes = Array(try Data(contentsOf: URL(filePath: "\(cache)/\(name)")))
    if place < 0 { bytes.removeLast(9) } else { bytes[place] ^= 0x55 }
    try Data(bytes).write(to: URL(filePath: "\(cache)/\(name)"))
    chmod("\(cache)/\(name)", 0o600)
    Self.write("port = 2\n", host.folder[host.release(release)] + "/app.conf")
    let report = try await SwitchLayout(host.options, cache: cache).differences(
      from: release, in: .everything, LookRules())
    #expect(report.differences.map(Self.text) == ["current/app.conf file → file"])
  }

  @Test("a file over the limit isn't read, and its stamp stands for its content")
  func large() async throws {
    let host = try Host { $0.limits.fileBytes = 1000 }
    try await host.deploy(release)
    let path = host.folder[host.release(release)] + "/app.conf"
    truncate(path, 10 << 30)
    let report = try await host.layout.differences(from: release, in: .everything, LookRules())
    let found = try #require(report.differences.first?.found)
    #expect(found.problem == "larger than 1000 bytes" && found.content == nil && found.size == 10 << 30)
    #expect(found.stamp != nil)
  }

  @Test("reads a file and a link with what they are, and nothing else")
  func reading() async throws {
    let host = try Host()
    try await host.deploy(release)
    _ = try await host.layout.differences(from: release, in: .everything, LookRules())
    func read(_ path: String, limit: Int = 100) async throws -> LiveContent? {
      try await host.layout.read(ObjectName(path: path.utf8), limit: limit)
    }
    #expect(try await read("current/app.conf")?.bytes == Array("port = 1\n".utf8))
    #expect(try await read("current/app.conf")?.object.content == release.identity(of: Array("port = 1\n".utf8)))
    #expect(try await read("current/alias")?.bytes == Array("conf".utf8))
    #expect(try await read("current")?.bytes == Array("releases/\(release.digest.hex)".utf8))
    #expect(try await read("current/app.conf", limit: 3) == nil)
    #expect(try await read("current/conf") == nil)
    #expect(try await read("current/alias/a") == nil)
    #expect(try await read("current/../../app.conf") == nil)
  }

  static func text(_ difference: LiveDifference) -> String {
    "\(difference.object) \(difference.expected?.kind.rawValue ?? "nothing") → "
      + (difference.found?.kind.rawValue ?? "nothing")
  }

  static func write(_ text: String, _ path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = text.withCString { Glibc.write(file, $0, strlen($0)) }
    close(file)
  }
}
