import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("Releases that nobody needs any more")
struct RetirementTests {
  private func release(_ number: Int) throws -> StaticContents {
    try StaticContents(["number": .text("\(number)"), "folder/file": "x"])
  }

  @Test("are removed beyond those to keep, but never the live one nor a named one")
  func retire() async throws {
    let host = try Host { $0.keep = 3 }
    let releases = try (1...8).map(release)
    for contents in releases { try await host.deploy(contents) }
    // The oldest becomes the most recently live.
    try await host.deploy(releases[0])
    let report = try await host.carryOut(.retire(keeping: [releases[2].digest]), releases[0])
    #expect(report.summary == "removed 4 releases")
    let left = try await host.layout.observe()
    #expect(left.deployed == releases[0].digest)
    #expect(left.retained == Set([0, 2, 6, 7].map { releases[$0].digest }))
    #expect(try host.folder.names("app/releases") == left.retained.map(\.hex).sorted())
    let again = try await host.carryOut(.retire(keeping: [releases[2].digest]), releases[0])
    #expect(again.summary == "nothing to remove")
  }

  @Test("leave alone what is not a release")
  func strangers() async throws {
    let host = try Host { $0.keep = 1 }
    try host.folder.write("x", to: "app/releases/notes/by-hand")
    try host.folder.write("x", to: "app/releases/readme")
    for number in 1...3 { try await host.deploy(release(number)) }
    try await host.carryOut(.retire(keeping: []), release(3))
    #expect(try host.folder.names("app/releases") == [release(3).digest.hex, "notes", "readme"].sorted())
  }

  @Test("and leftovers of a crash are cleared by recovery, through links to nowhere else")
  func recover() async throws {
    let host = try Host()
    let contents = try release(1)
    try await host.deploy(contents)
    try host.folder.write("x", to: "outside/kept")
    for name in ["releases/.incoming-1/a/b", "releases/.retired-2/c", ".current-new-x/y"] {
      try host.folder.write("x", to: "app/\(name)")
    }
    chmod(host.folder["app/releases/.incoming-1/a"], 0o555)
    symlink(host.folder["outside"], host.folder["app/releases/.retired-2/link"])
    symlink("releases/x", host.folder["app/.current-new"])
    symlink(host.folder["outside"], host.folder["app/releases/.incoming-link"])
    let odd: [CChar] = host.folder["app/releases/.incoming-1/"].utf8.map { CChar(bitPattern: $0) } + [-1, -2, 0]
    close(open(odd, O_CREAT | O_WRONLY, 0o444))
    try await host.layout.recover()
    #expect(try host.folder.names("app") == ["current", "releases"])
    #expect(try host.folder.names("app/releases") == [contents.digest.hex])
    #expect(try host.folder.read("outside/kept") == "x")
    #expect(try host.folder.read("app/current/number") == "1")
  }

  @Test("a root that doesn't exist needs no recovery")
  func nothing() async throws {
    let host = try Host()
    try await host.layout.recover()
    #expect(!host.folder.exists("app"))
  }

  @Test("a release that an interrupted step left half written is written whole")
  func interrupted() async throws {
    let host = try Host()
    let contents = try release(1)
    try host.folder.write("half", to: "app/releases/.incoming-\(contents.digest.hex)/number")
    symlink("releases/x", host.folder["app/.current-new"])
    try await host.deploy(contents)
    #expect(try host.folder.read("app/current/number") == "1")
    #expect(try host.folder.names("app") == ["current", "releases"])
  }
}
