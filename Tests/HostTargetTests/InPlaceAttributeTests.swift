import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("Declared attributes")
struct InPlaceAttributeTests {
  @Test("the last rule that matches holds, key by key, and the operator's over the release's")
  func modes() async throws {
    let host = try InPlaceHost {
      $0.attributes = [try? AttributeRule("/tls/b.key mode=0400", at: "")].compactMap { $0 }
    }
    try await host.deploy(
      try StaticContents([
        ".mooring-attributes": "# secrets\n*.key mode=0600\ntls/ mode=0700\n/tls/**/c.key mode=0640\n\n",
        "tls/a.key": "a", "tls/b.key": "b", "tls/in/c.key": "c", "readme": "r",
      ]))
    #expect(try host.describe("tls/a.key") == "600 a")
    #expect(try host.describe("tls/b.key") == "400 b")
    #expect(try host.describe("tls/in/c.key") == "640 c")
    #expect(try host.describe("readme") == "644 r")
    #expect(!host.folder.exists("etc/.mooring-attributes"))
    var status = stat()
    #expect(lstat(host.folder["etc/tls"], &status) == 0 && status.st_mode & 0o7777 == 0o700)
    try await host.deploy(try StaticContents(["tls/a.key": "a", "tls/b.key": "b", "tls/in/c.key": "c", "readme": "r"]))
    #expect(try host.describe("tls/a.key") == "644 a", "what is no longer declared has its default again")
    #expect(lstat(host.folder["etc/tls"], &status) == 0 && status.st_mode & 0o7777 == 0o755)
  }

  @Test("owner and group are set", .enabled(if: geteuid() == 0))
  func owners() async throws {
    let host = try InPlaceHost()
    try await host.deploy(
      try StaticContents([".mooring-attributes": "*.key owner=1234 group=daemon mode=0640\n", "a.key": "a", "b": "b"]))
    var status = stat()
    #expect(lstat(host.folder["etc/a.key"], &status) == 0)
    #expect(status.st_uid == 1234 && status.st_gid == getgrnam("daemon")?.pointee.gr_gid)
    #expect(status.st_mode & 0o7777 == 0o640)
    #expect(lstat(host.folder["etc/b"], &status) == 0 && status.st_uid == 0)
    #expect(chown(host.folder["etc/a.key"], 4321, 0) == 0)
    let fault = await host.fault(try StaticContents(["a.key": "new"]))
    #expect(fault?.what.contains("a.key (its owner is 4321:0)") == true)
  }

  @Test(
    "a rule that is none is refused with its line, before anything is touched",
    arguments: [
      ("*.key\n", 1, "at least one attribute"), ("a mode=0600\n* mode=4755\n", 2, "setuid"),
      ("* mode=2755", 1, "setuid"), ("* mode=99", 1, "octal"), ("* mode=0600 mode=0644", 1, "twice"),
      ("* colour=red", 1, "unknown attribute"), ("* owner=", 1, "not a user"), ("* owner=a/b", 1, "not a user"),
      ("a/../b mode=0600", 1, "not a pattern"), ("!a mode=0600", 1, "not a pattern"),
      ("[a] mode=0600", 1, "not a pattern"), ("* mode", 1, "key=value"), ("// mode=0600", 1, "not a pattern"),
    ])
  func refused(_ text: String, _ line: Int, _ what: String) async throws {
    let host = try InPlaceHost()
    let fault = await host.fault(try StaticContents([".mooring-attributes": .text(text), "a": "x"]))
    #expect(fault?.place == ".mooring-attributes:\(line)")
    #expect(fault?.what.contains(what) == true, "\(String(describing: fault))")
    #expect(try host.folder.names("etc").isEmpty)
  }

  @Test("a user or group that the machine doesn't have is named before anything is touched")
  func unknown() async throws {
    let host = try InPlaceHost()
    for key in ["owner", "group"] {
      let fault = await host.fault(
        try StaticContents([".mooring-attributes": .text("a \(key)=nobody-of-this-name\n"), "b": "x", "a": "x"]))
      #expect(fault?.code == .configuration)
      #expect(fault?.place == "a")
      #expect(try host.folder.names("etc").isEmpty)
    }
  }

  @Test("attributes deeper in the release, and names that Mooring uses, are refused")
  func reserved() async throws {
    let host = try InPlaceHost()
    for path in ["a/.mooring-attributes", ".mooring/production/inventory.json", "x/.mooring", "a/.mooring-new-00-1"] {
      let fault = await host.fault(try StaticContents([path: "x"]))
      #expect(fault?.code == .refusedContent)
      #expect(try host.folder.names("etc").isEmpty)
    }
  }

  @Test(
    "patterns match as gitattributes do",
    arguments: [
      ("*.key", "a.key", true), ("*.key", "x/y/a.key", true), ("*.key", "a.key.pub", false),
      ("/*.key", "x/a.key", false),
      ("x/*.key", "x/a.key", true), ("x/*.key", "x/y/a.key", false), ("x/**/a", "x/a", true), ("**/a", "a", true),
      ("x/**/a", "x/y/z/a", true), ("x/**", "x/y/z", true), ("?", "a", true), ("?", "ab", false), ("*", "a", true),
      ("a*b*c", "aXbXbc", true), ("a*b*c", "aXcXb", false), ("x/", "x", false),
    ])
  func patterns(_ pattern: String, _ path: String, _ isMatched: Bool) throws {
    let components = path.split(separator: "/").map { Array($0.utf8) }
    #expect(try PathPattern(pattern, at: "").matches(components, isFolder: false) == isMatched)
  }

  @Test("a pattern made to be slow is matched at once")
  func slowPattern() throws {
    let stars = try PathPattern(String(repeating: "a*", count: 500) + "b", at: "")
    #expect(!stars.matches([[UInt8](repeating: UInt8(ascii: "a"), count: 255)], isFolder: false))
    let folders = try PathPattern(String(repeating: "**/", count: 300) + "b", at: "")
    #expect(!folders.matches([[UInt8]](repeating: [97], count: 100), isFolder: false))
  }
}
