import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("A release that was changed by hand")
struct HealingTests {
  let release: StaticContents

  init() throws {
    release = try StaticContents([
      "app.conf": "port = 1\n", "bin/start": .script("#!/bin/sh\n"), "conf/a": "a", "alias": .link("conf"),
    ])
  }

  /// What a hand can do, and the path that the report has to name.
  static let changes: [(name: String, place: String, change: @Sendable (Host, String) throws -> Void)] = [
    ("bytes of a file", "app.conf", { host, at in host.tamper("\(at)/app.conf", with: "port = 9\n") }),
    ("permissions of a file", "bin/start", { host, at in chmod(host.folder["\(at)/bin/start"], 0o755) }),
    ("permissions of a folder", "conf", { host, at in chmod(host.folder["\(at)/conf"], 0o777) }),
    ("a file removed", "app.conf", { host, at in unlink(host.folder["\(at)/app.conf"]) }),
    ("a file added", "conf/b", { host, at in try host.folder.write("b", to: "\(at)/conf/b") }),
    ("a file last in its folder", "zzz", { host, at in try host.folder.write("z", to: "\(at)/zzz") }),
    (
      "a file replaced by a link to the same bytes", "app.conf",
      { host, at in
        rename(host.folder["\(at)/app.conf"], host.folder["moved"])
        symlink(host.folder["moved"], host.folder["\(at)/app.conf"])
      }
    ),
    (
      "a folder replaced by a link", "conf",
      { host, at in
        rename(host.folder["\(at)/conf"], host.folder["moved"])
        symlink(host.folder["moved"], host.folder["\(at)/conf"])
      }
    ),
    (
      "a link that leads elsewhere", "alias",
      { host, at in
        unlink(host.folder["\(at)/alias"])
        symlink("/etc", host.folder["\(at)/alias"])
      }
    ),
    (
      "a pipe in place of a file", "app.conf",
      { host, at in
        unlink(host.folder["\(at)/app.conf"])
        mkfifo(host.folder["\(at)/app.conf"], 0o444)
      }
    ),
    ("a set-user-id bit", "bin/start", { host, at in chmod(host.folder["\(at)/bin/start"], 0o4555) }),
  ]

  @Test("is found, named and rebuilt, live or not", arguments: changes.indices, [true, false])
  func rebuilt(_ index: Int, live: Bool) async throws {
    let change = Self.changes[index]
    let host = try Host()
    let other = try StaticContents(["other": "x"])
    try await host.deploy(release)
    if !live { try await host.deploy(other) }
    try change.change(host, host.release(release))
    let report = try await host.carryOut(.materialise(release.digest), release)
    let place = host.folder["\(host.release(release))/\(change.place)"]
    #expect(report.summary == "rebuilt 4 files, because \(place) differed", "\(change.name)")
    let second = try await host.carryOut(.materialise(release.digest), release)
    #expect(second.summary == "verified 4 files, all in place")
    #expect(try host.folder.names("app/releases") == [release, live ? release : other].map(\.digest.hex).uniqued())
  }

  @Test("is rebuilt without a moment in which a reader finds nothing")
  func neverDangles() async throws {
    let host = try Host()
    try await host.deploy(release)
    let path = host.folder["app/current/app.conf"]
    let reader = Meddler {
      let file = open(path, O_RDONLY)
      if file < 0 { return 1 }
      close(file)
      return 0
    }
    for round in 0..<20 {
      chmod(host.folder["\(host.release(release))/conf"], 0o700 + mode_t(round % 2))
      let report = try await host.carryOut(.materialise(release.digest), release)
      #expect(report.summary.hasPrefix("rebuilt"))
    }
    #expect(reader.stop() == 0)
  }

  @Test("a live release whose folder is gone is written again")
  func gone() async throws {
    let host = try Host()
    try await host.deploy(release)
    try FileManager.default.removeItem(atPath: host.folder[host.release(release)])
    #expect(try await host.layout.observe() == Observation(deployed: release.digest))
    try await host.carryOut(.materialise(release.digest), release)
    #expect(try host.folder.read("app/current/app.conf") == "port = 1\n")
  }

  @Test("a file in place of the release's folder is replaced")
  func fileInPlace() async throws {
    let host = try Host()
    try host.folder.write("x", to: host.release(release))
    try await host.deploy(release)
    #expect(try host.folder.read("app/current/app.conf") == "port = 1\n")
  }
}

extension [String] {
  fileprivate func uniqued() -> [String] { Set(self).sorted() }
}
