import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("A root that gets in the way")
struct InPlaceHostileTests {
  private func many(_ text: String) throws -> StaticContents {
    var entries: [String: StaticContents.Entry] = [:]
    for number in 0..<30 { entries["dir\(number)/in/file"] = .text("\(text) \(number)") }
    return try StaticContents(entries)
  }

  @Test("somebody who swaps folders for links during a deployment leads nothing outside")
  func swappedFolders() async throws {
    let host = try InPlaceHost()
    try host.folder.write("kept", to: "outside/kept")
    try FileManager.default.createDirectory(atPath: host.folder["outside/in"], withIntermediateDirectories: false)
    let (one, two) = (try many("one"), try many("two"))
    try await host.deploy(one)
    let (etc, outside, aside) = (host.folder["etc"], host.folder["outside"], host.folder["aside"])
    let meddler = Meddler {
      var swaps = 0
      for number in 0..<30 where rename("\(etc)/dir\(number)", aside) == 0 {
        symlink(outside, "\(etc)/dir\(number)")
        swaps += 1
        unlink("\(etc)/dir\(number)")
        rename(aside, "\(etc)/dir\(number)")
      }
      return swaps
    }
    for round in 0..<20 {
      // Either outcome is right, as long as nothing is written where a link leads.
      _ = await host.fault(round.isMultiple(of: 2) ? two : one, overwriting: true)
    }
    #expect(meddler.stop() > 0)
    #expect(try host.folder.names("outside") == ["in", "kept"])
    #expect(try host.folder.names("outside/in").isEmpty)
    try await host.layout.recover()
    try await host.deploy(two, overwriting: true)
    for number in 0..<30 { #expect(try host.describe("dir\(number)/in/file") == "644 two \(number)") }
  }

  @Test("a link where a folder belongs is refused, also when it leads to a folder in the root")
  func linkedFolder() async throws {
    for target in ["real", "/etc"] {
      let host = try InPlaceHost { $0.onForeign = .replace }
      mkdir(host.folder["etc/real"], 0o755)
      symlink(target, host.folder["etc/dir1"])
      let fault = await host.fault(try many("one"))
      #expect(fault?.what.contains("dir1 (it is a link where a folder belongs)") == true)
      #expect(try host.folder.names("etc/real").isEmpty)
    }
  }

  @Test("a full disk is a fault that says so, with production as it was", .enabled(if: Mount.isAllowed))
  func fullDisk() async throws {
    let host = try InPlaceHost()
    let disk = try Mount(["-t", "tmpfs", "-o", "size=400k", "none", host.folder["etc"]], at: host.folder["etc"])
    defer { disk.unmount() }
    let small = try StaticContents(["app.conf": "small", "x": "x"])
    try await host.deploy(small)
    let before = try host.everything()
    var entries: [String: StaticContents.Entry] = ["app.conf": "large"]
    for number in 0..<40 { entries["dir\(number)/file"] = .file([UInt8](repeating: 65, count: 20_000)) }
    let large = try StaticContents(entries)
    let fault = await host.fault(large)
    #expect(fault?.what.hasSuffix("the disk is full") == true, "\(String(describing: fault))")
    #expect(try host.everything() == before)
    #expect(try host.folder.names("etc/.mooring/production") == ["inventory.json"])
    #expect(try await host.live == small.digest)
  }

  @Test("a folder that may not be changed undoes the whole deployment", .enabled(if: Mount.isAllowed))
  func immutable() async throws {
    let host = try InPlaceHost()
    let (one, two) = (try many("one"), try many("two"))
    try await host.deploy(one)
    let before = try host.everything()
    let file = host.folder["etc/dir7/in/file"]
    try #require(system("chattr +i '\(file)' 2>/dev/null") == 0, "chattr doesn't work on this file system")
    defer { _ = system("chattr -i '\(file)'") }
    let fault = await host.fault(two)
    #expect(fault?.what.contains("not permitted") == true, "\(String(describing: fault))")
    #expect(try host.everything() == before)
    #expect(try await host.live == one.digest)
  }

  @Test("a read-only file system is a fault that says so, and can be observed", .enabled(if: Mount.isAllowed))
  func readOnly() async throws {
    let host = try InPlaceHost()
    let one = try many("one")
    try await host.deploy(one)
    let root = host.folder["etc"]
    let mount = try Mount(["--bind", root, root], at: root)
    defer { mount.unmount() }
    try Mount.run(["-o", "remount,ro,bind", root])
    let fault = await host.fault(try many("two"))
    #expect(fault?.what.contains("read-only") == true, "\(String(describing: fault))")
    #expect(try await host.live == one.digest)
  }

  @Test("names with newlines, and names of others that are not UTF-8, are names like any")
  func names() async throws {
    let host = try InPlaceHost()
    let bytes: [CChar] = (host.folder["etc/dir/"]).utf8.map { CChar(bitPattern: $0) } + [-1, -2, 0]
    let contents = try StaticContents(["dir/new\nline": "x", "dir/\u{FFFD}\u{FFFD}": "ours", "caf\u{E9}": "1"])
    try await host.deploy(contents)
    #expect(mknod(bytes, S_IFREG | 0o644, 0) == 0)
    try await host.deploy(try StaticContents(["y": "1"]))
    var status = stat()
    #expect(lstat(bytes, &status) == 0, "what isn't ours stays")
    #expect(!host.folder.exists("etc/dir/new\nline"))
    #expect(!host.folder.exists("etc/dir/\u{FFFD}\u{FFFD}"))
  }

  @Test("environments may share a root, and no path in it")
  func sharedRoot() async throws {
    let host = try InPlaceHost()
    var other = host
    other.environment = try EnvironmentName("other")
    try await host.deploy(try StaticContents(["nginx/a": "1", "b": "1"]))
    try await other.deploy(try StaticContents(["nginx/c": "2"]))
    for path in ["nginx/a", "b/x", "nginx"] {
      let fault = await other.fault(try StaticContents([path: "1"]))
      #expect(fault?.what.contains("the environment production has put a file there") == true, "\(path)")
    }
    try await host.deploy(try StaticContents(["y": "1"]))
    #expect(try host.everything() == ["nginx": "folder", "nginx/c": "644 2", "y": "644 1"])
  }

  @Test("a record that is damaged, or that others can write, is not believed")
  func badRecords() async throws {
    let host = try InPlaceHost()
    try await host.deploy(try many("one"))
    for text in ["", "{", "[]", #"{"version":9,"release":"","items":[]}"#, String(repeating: "[", count: 100_000)] {
      try host.folder.write(text, to: "etc/.mooring/production/inventory.json")
      await #expect(throws: Fault.self) { try await host.layout.observe() }
      #expect(await host.fault(try many("two"))?.code == .target)
    }
    let escaping =
      #"{"items":[{"entry":{"account":{"group":0,"owner":0},"kind":"folder","mode":0},"path":"../x"}],"#
      + #""release":"0123456789012345678901234567890123456789","version":1}"#
    try host.folder.write(escaping, to: "etc/.mooring/production/inventory.json")
    #expect(await host.fault(try many("two"))?.what.contains("damaged") == true)
    unlink(host.folder["etc/.mooring/production/inventory.json"])
    chmod(host.folder["etc/.mooring/production"], 0o777)
    #expect(await host.fault(try many("two"))?.what.contains("others can write") == true)
  }

  @Test("a check sees the whole release before anything is touched, and can refuse it")
  func check() async throws {
    var host = try InPlaceHost {
      $0.validate = ["/bin/sh", "-c", "test \"$(cat \"$1/app.conf\")\" = good", "x", "{root}"]
    }
    host.options.reload = ["/bin/sh", "-c", "cp \"$1/app.conf\" \"$1/told\"", "x", "{root}"]
    let good = try StaticContents(["app.conf": "good", ".mooring-attributes": "* mode=0600\n"])
    try await host.deploy(good)
    try await host.carryOut(.reload(good.digest), good)
    #expect(try host.folder.read("etc/told") == "good")
    let fault = await host.fault(try StaticContents(["app.conf": "bad"]))
    #expect(fault?.code == .program)
    #expect(try host.describe("app.conf") == "600 good")
    #expect(try host.folder.names("etc/.mooring/production") == ["inventory.json"])
  }
}
