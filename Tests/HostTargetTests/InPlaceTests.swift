import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("Files where they belong")
struct InPlaceTests {
  let one: StaticContents
  let two: StaticContents

  init() throws {
    one = try StaticContents([
      "nginx/nginx.conf": "one", "nginx/sites/shop": "shop", "nginx/live": .link("sites"), "run.sh": .script("#!"),
    ])
    two = try StaticContents(["nginx/nginx.conf": "two", "nginx/sites/shop": "shop", "new/deep/file": "x"])
  }

  @Test("a release lies where it belongs, the next one replaces it, and a rollback restores it")
  func thereAndBack() async throws {
    let host = try InPlaceHost()
    try host.folder.write("theirs", to: "etc/passwd")
    try host.folder.write("theirs", to: "etc/nginx/mime.types")
    #expect(try await host.live == nil)
    try await host.deploy(one)
    let first = try host.everything()
    #expect(
      first == [
        "passwd": "644 theirs", "nginx": "folder", "nginx/mime.types": "644 theirs", "nginx/nginx.conf": "644 one",
        "nginx/sites": "folder", "nginx/sites/shop": "644 shop", "nginx/live": "→ sites", "run.sh": "755 #!",
      ])
    #expect(try await host.live == one.digest)
    let report = try await host.deploy(two)
    #expect(report.summary.contains("2 to write, 2 to remove, 1 as they are"), "\(report)")
    #expect(
      try host.everything() == [
        "passwd": "644 theirs", "nginx": "folder", "nginx/mime.types": "644 theirs", "nginx/nginx.conf": "644 two",
        "nginx/sites": "folder", "nginx/sites/shop": "644 shop", "new": "folder", "new/deep": "folder",
        "new/deep/file": "644 x",
      ])
    try await host.deploy(one)
    #expect(try host.everything() == first)
    #expect(try host.folder.names("etc/.mooring/production") == ["inventory.json"])
  }

  @Test("what is right already isn't touched")
  func untouched() async throws {
    let host = try InPlaceHost()
    try await host.deploy(one)
    let before = try identity(host.folder["etc/nginx/sites/shop"])
    try await host.deploy(two)
    #expect(try identity(host.folder["etc/nginx/sites/shop"]) == before)
    let report = try await host.carryOut(.activate(two.digest, expecting: one.digest), two)
    #expect(report.summary.contains("was live already"))
  }

  @Test("files, folders and links take each other's places")
  func kinds() async throws {
    let variants: [StaticContents.Entry?] = ["file", .link("y"), .script("x"), nil]
    let host = try InPlaceHost()
    for first in variants {
      for second in variants {
        for (entries, next) in [(first, second), (second, first)] {
          var one: [String: StaticContents.Entry] = ["y": "kept"]
          one["x"] = entries
          if entries == nil { one["x/a/b"] = "deep" }
          var two: [String: StaticContents.Entry] = ["y": "kept"]
          two["x"] = next
          if next == nil { two["x/c"] = "other" }
          try await host.deploy(try StaticContents(one))
          try await host.deploy(try StaticContents(two))
          #expect(try host.describe("x") != "nothing")
          #expect(try host.everything().keys.allSatisfy { !$0.contains(".mooring") })
        }
      }
    }
  }

  @Test(
    "a file in the way stops the deployment before anything is touched, and is named", arguments: ["theirs", "one"])
  func foreign(_ text: String) async throws {
    let host = try InPlaceHost()
    try host.folder.write(text, to: "etc/nginx/nginx.conf")
    chmod(host.folder["etc/nginx/nginx.conf"], 0o600)
    let before = try host.everything()
    let fault = await host.fault(one)
    #expect(fault?.what == "files that Mooring didn't put there are in the way: nginx/nginx.conf")
    #expect(fault?.remedy?.contains("onForeign: replace") == true)
    #expect(try host.everything() == before)
    var adopting = host
    adopting.options.onForeign = .adopt
    #expect(await (adopting.fault(one) == nil) == (text == "one"))
    var replacing = host
    replacing.options.onForeign = .replace
    try await replacing.deploy(one)
    #expect(try host.describe("nginx/nginx.conf") == "644 one")
    if text == "theirs" {
      let kept = try #require(try host.folder.names("etc/.mooring/production/kept").first)
      #expect(try host.folder.read("etc/.mooring/production/kept/\(kept)/nginx/nginx.conf") == "theirs")
    }
  }

  @Test("a file that is the same already is taken over")
  func adopted() async throws {
    let host = try InPlaceHost()
    try host.folder.write("one", to: "etc/nginx/nginx.conf")
    chmod(host.folder["etc/nginx/nginx.conf"], 0o644)
    try await host.deploy(one)
    try await host.deploy(try StaticContents(["y": "1"]))
    #expect(try host.everything() == ["y": "644 1", "nginx": "folder"])
  }

  @Test("a change by hand stops a deployment, and a rollback goes over it and keeps a copy")
  func changedByHand() async throws {
    let changes: [(String, (InPlaceHost) throws -> Void)] = [
      ("nginx/nginx.conf (its content was changed)", { try $0.folder.write("mine", to: "etc/nginx/nginx.conf") }),
      ("nginx/nginx.conf (its mode is 600)", { chmod($0.folder["etc/nginx/nginx.conf"], 0o600) }),
      ("nginx/nginx.conf (it was removed)", { unlink($0.folder["etc/nginx/nginx.conf"]) }),
      ("run.sh (its content was changed)", { try $0.folder.write("mine", to: "etc/run.sh") }),
      (
        "nginx/live (it is a file)",
        {
          unlink($0.folder["etc/nginx/live"])
          try $0.folder.write("mine", to: "etc/nginx/live")
        }
      ),
    ]
    for (what, change) in changes {
      let host = try InPlaceHost()
      try await host.deploy(one)
      try change(host)
      let before = try host.everything()
      let fault = await host.fault(two)
      #expect(fault?.what.hasSuffix(what) == true, "\(String(describing: fault))")
      #expect(try host.everything() == before)
      try await host.deploy(two, overwriting: true)
      #expect(try host.describe("nginx/nginx.conf") == "644 two")
      #expect(host.folder.exists("etc/.mooring/production/kept") == !what.contains("removed"))
    }
  }

  @Test("folders with something of others in them stay, and keep what isn't ours")
  func othersInOurFolder() async throws {
    let host = try InPlaceHost()
    try await host.deploy(two)
    try host.folder.write("theirs", to: "etc/new/deep/theirs")
    let fault = await host.fault(try StaticContents(["new": "now a file"]))
    #expect(fault?.what.contains("new (it is a folder with more in it") == true)
    try await host.deploy(try StaticContents(["y": "1"]))
    #expect(
      try host.everything() == ["y": "644 1", "new": "folder", "new/deep": "folder", "new/deep/theirs": "644 theirs"])
    unlink(host.folder["etc/new/deep/theirs"])
    try await host.deploy(try StaticContents(["y": "2"]))
    #expect(try host.everything() == ["y": "644 2"], "a folder that we made goes when nothing is in it any more")
  }

  @Test("a pipe, a device or a socket in the way is refused", arguments: [S_IFIFO, S_IFSOCK])
  func special(_ kind: mode_t) async throws {
    let host = try InPlaceHost { $0.onForeign = .replace }
    mkdir(host.folder["etc/nginx"], 0o755)
    try #require(mknod(host.folder["etc/nginx/nginx.conf"], kind | 0o644, 0) == 0)
    let fault = await host.fault(one)
    #expect(fault?.what.contains("it is a device, a pipe or a socket") == true)
    #expect(try host.everything() == ["nginx": "folder", "nginx/nginx.conf": "special"])
  }

  private func identity(_ path: String) throws -> [Int] {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return [Int(status.st_ino), status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
