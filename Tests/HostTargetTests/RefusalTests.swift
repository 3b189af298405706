import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("What a release must not contain")
struct RefusalTests {
  @Test(
    "links that lead outside are refused, and named with their target",
    arguments: [
      ("link", "/etc/passwd"), ("link", ".."), ("link", "../other"), ("a/link", "../../x"), ("a/link", "b/../../.."),
      ("link", "deep/../../x"), ("link", "through/../../x"), ("link", "up/up"), ("link", "missing/../../x"),
      ("link", "uploads/../x"), ("link", "link"), ("link", "//etc"), ("link", "a/file/../../../x"),
    ])
  func outside(_ path: String, _ target: String) async throws {
    let host = try Host { $0.persistent = [(try? RelativePath("uploads"))].compactMap { $0 } }
    var entries: [String: StaticContents.Entry] = [
      "a/b/c": "x", "a/file": "x", "deep/er/file": "x", "through": .link("deep/er/.."), "up": .link("a/.."),
    ]
    if target == "up/up" { entries["up"] = .link("a/../..") }
    entries[path] = .link(target)
    let contents = try StaticContents(entries)
    let fault = await host.fault(.materialise(contents.digest), contents)
    #expect(fault?.code == .refusedContent)
    #expect(fault?.place == (target == "up/up" && fault?.place == "up" ? "up" : path))
    #expect(fault?.what.contains("symbolic link") == true)
    #expect(!host.folder.exists("app"), "refused before anything is made")
  }

  @Test(
    "links that stay inside are kept as they are",
    arguments: [
      "a/b", "./a//b/", "a/../a/b/c", "missing", "missing/../a", "through/er", "uploads", "uploads/x", "../link/..",
    ])
  func inside(_ target: String) async throws {
    let host = try Host { $0.persistent = [(try? RelativePath("uploads"))].compactMap { $0 } }
    let contents = try StaticContents([
      "a/b/c": "x", "deep/er/file": "x", "through": .link("deep"),
      target.hasPrefix("..") ? "a/link" : "link": .link(target.hasPrefix("..") ? "../a" : target),
    ])
    try await host.deploy(contents)
    #expect(try await host.layout.observe().deployed == contents.digest)
  }

  @Test("a Git LFS pointer is refused, and named")
  func largeFile() async throws {
    let host = try Host()
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    let contents = try StaticContents(["a": "x", "media/logo.png": .text(pointer)])
    let fault = await host.fault(.materialise(contents.digest), contents)
    #expect(fault?.code == .refusedContent)
    #expect(fault?.place == "media/logo.png")
    #expect(try host.folder.names("app/releases").isEmpty)
    #expect(LFSPointer.isPointer(Array(pointer.utf8)))
    #expect(!LFSPointer.isPointer(Array("version https://example.com/".utf8)))
  }

  @Test("limits on files, on one file and on all together say which was passed, and leave nothing")
  func limits() async throws {
    let contents = try StaticContents(["a": "12345", "b/c": "1234567890", "d": "1"])
    let cases: [(HostTargetOptions.Limits, String, String)] = [
      (.init(files: 2), "the release has 3 files, and 2 are allowed", contents.digest.hex),
      (.init(fileBytes: 9), "the file is larger than 9 bytes", "b/c"),
      (.init(totalBytes: 15), "the release is larger than 15 bytes", "d"),
    ]
    for (limits, what, place) in cases {
      let host = try Host { $0.limits = limits }
      let fault = await host.fault(.materialise(contents.digest), contents)
      #expect(fault?.code == .limit)
      #expect(fault?.what == what)
      #expect(fault?.place == place)
      #expect(try !host.folder.exists("app") || host.folder.names("app/releases").isEmpty)
    }
  }

  @Test("a path that is both a file and a folder is refused")
  func conflict() async throws {
    let host = try Host()
    let contents = try StaticContents(["a": "x", "a-b": "x", "a/b": "x"])
    let fault = await host.fault(.materialise(contents.digest), contents)
    #expect(fault?.code == .refusedContent)
    #expect(fault?.place == "a")
  }

  @Test("folders nested beyond reason are refused")
  func depth() async throws {
    let host = try Host()
    let contents = try StaticContents([String(repeating: "d/", count: 200) + "f": "x"])
    #expect(await host.fault(.materialise(contents.digest), contents)?.code == .limit)
  }

  @Test("names that differ in case or in the composition of a letter are different files")
  func names() async throws {
    let host = try Host()
    let contents = try StaticContents([
      ("README", "1"), ("readme", "2"), ("caf\u{E9}", "3"), ("cafe\u{301}", "4"), ("caf\u{E9}s/\u{301}a", "5"),
    ])
    try await host.deploy(contents)
    #expect(try host.folder.read("app/current/README") == "1")
    #expect(try host.folder.read("app/current/readme") == "2")
    #expect(try host.folder.read("app/current/caf\u{E9}") == "3")
    #expect(try host.folder.read("app/current/cafe\u{301}") == "4")
    let report = try await host.carryOut(.materialise(contents.digest), contents)
    #expect(report.summary.hasPrefix("verified"))
  }
}
