import Foundation
@testable import Git
import MooringTestSupport
import Testing

@Suite struct FetchTests {
  static let specs = ["+refs/heads/*:refs/remotes/origin/*"]

  /// An empty repository to fetch into, kept alive by its fixture.
  private func local() throws -> (GitFixture, Repository) {
    let fixture = try GitFixture(bare: true)
    return (fixture, try fixture.open())
  }

  @Test("a fetch brings branches with all that they need, and a second one only what is new")
  func incremental() throws {
    let remote = try GitFixture()
    var files = RandomFiles(seed: 21)
    for _ in 0..<5 { try remote.commit(files: files.change()) }
    try remote.branch("side")
    try remote.commit(files: ["side/x": "1"])
    try remote.checkout("main")
    let tip = try remote.merge("side")
    let (fixture, repository) = try local()
    let first = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs)
    #expect(first.updates.map(\.name) == ["refs/remotes/origin/main", "refs/remotes/origin/side"])
    #expect(first.updates.allSatisfy { $0.kind == .created && $0.old == nil && !$0.forced })
    #expect(first.heads.map(\.name) == ["refs/heads/main", "refs/heads/side"])
    #expect(first.defaultBranch == "refs/heads/main")
    #expect(try fixture.git("fsck", "--full", "--strict", "--connectivity-only").isEmpty)
    #expect(try fixture.id("refs/remotes/origin/main") == tip)

    let again = try Remote.fetch(into: repository, from: "file://" + remote.path, refspecs: Self.specs)
    #expect(again.updates.isEmpty)
    #expect(again.objects == 0)

    let next = try remote.commit(files: ["side/x": "2"])
    let second = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs)
    #expect(second.objects == 4)  // a commit, two trees and a blob
    #expect(second.updates.map(\.kind) == [.fastForwarded])
    #expect(second.updates.map(\.new) == [next])
    #expect(try fixture.git("fsck", "--full", "--strict").isEmpty)
  }

  @Test("what is fetched over random merged histories is complete", arguments: [31, 32] as [UInt64])
  func complete(seed: UInt64) throws {
    let remote = try GitFixture()
    let (fixture, repository) = try local()
    var files = RandomFiles(seed: seed)
    try remote.commit(files: files.change())
    for round in 0..<4 {
      try remote.branch("b\(round)")
      try remote.commit(files: files.change())
      try remote.checkout("main")
      try remote.commit(files: ["main/\(round)": "\(round)"])
      try remote.merge("b\(round)")
      try remote.git("tag", "-a", "-m", "tag", "v\(round)")
      _ = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs + ["refs/tags/*:refs/tags/*"])
      #expect(try fixture.git("fsck", "--full", "--strict").isEmpty)
    }
    let theirs = try remote.git("rev-list", "--objects", "--all", "--no-object-names").split(separator: "\n")
    let ours = try fixture.git("rev-list", "--objects", "--all", "--no-object-names").split(separator: "\n")
    #expect(Set(ours) == Set(theirs))
  }

  @Test("a rewritten branch is followed and said to be, unless its refspec has no plus")
  func forced() throws {
    let remote = try GitFixture()
    let base = try remote.commit("base")
    let old = try remote.commit("old", files: ["a": "1"])
    let (fixture, repository) = try local()
    defer { withExtendedLifetime(fixture) {} }
    _ = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs + ["refs/heads/main:refs/careful"])
    try remote.git("reset", "-q", "--hard", base.hex)
    let new = try remote.commit("new", files: ["a": "2"])
    let outcome = try Remote.fetch(
      into: repository, from: remote.path, refspecs: Self.specs + ["refs/heads/main:refs/careful"])
    #expect(outcome.updates.map(\.name) == ["refs/careful", "refs/remotes/origin/main"])
    #expect(outcome.updates.map(\.kind) == [.refused, .forced])
    #expect(outcome.updates.allSatisfy { $0.forced && $0.old == old && $0.new == new })
    #expect(try repository.reference("refs/careful") == old)
    #expect(try repository.reference("refs/remotes/origin/main") == new)
    try remote.git("reset", "-q", "--hard", base.hex)
    let back = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs)
    #expect(back.updates.map(\.kind) == [.forced])
    #expect(back.objects == 0)
  }

  @Test("a branch that vanished is said to have, and is deleted only when that is asked for")
  func vanished() throws {
    let remote = try GitFixture()
    let id = try remote.commit("base")
    try remote.git("branch", "doomed")
    let (fixture, repository) = try local()
    _ = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs)
    try fixture.git("update-ref", "refs/mooring/journal/x", id.hex)
    try remote.git("branch", "-q", "-D", "doomed")
    let kept = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs)
    #expect(kept.updates.map(\.kind) == [.vanished])
    #expect(kept.updates.map(\.source) == ["refs/heads/doomed"])
    #expect(try repository.reference("refs/remotes/origin/doomed") == id)
    _ = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs, prune: true)
    #expect(
      try repository.references(prefix: "refs/").map(\.name) == ["refs/mooring/journal/x", "refs/remotes/origin/main"])
  }

  @Test("an empty remote gives nothing, and a branch that isn't there is said to be missing")
  func empty() throws {
    let remote = try GitFixture()
    let (fixture, repository) = try local()
    defer { withExtendedLifetime(fixture) {} }
    let outcome = try Remote.fetch(
      into: repository, from: remote.path, refspecs: Self.specs + ["refs/heads/main:refs/x"])
    #expect(outcome.updates.isEmpty && outcome.heads.isEmpty)
    #expect(outcome.defaultBranch == "refs/heads/main")
    #expect(outcome.missing == ["refs/heads/main"])
    #expect(try Remote.heads(of: remote.path).isEmpty)
  }

  @Test("a remote that lacks an object is refused, and nothing moves")
  func broken() throws {
    let remote = try GitFixture()
    try remote.commit(files: ["a": "1", "b": "2"])
    let blob = try remote.id("HEAD:a").hex
    let file = "\(remote.gitPath)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
    let content = try Data(contentsOf: URL(fileURLWithPath: file))
    let (fixture, repository) = try local()
    defer { withExtendedLifetime(fixture) {} }
    for damage in [nil, content.dropLast(6), Data()] {
      try FileManager.default.removeItem(atPath: file)
      if let damage { try damage.write(to: URL(fileURLWithPath: file)) }
      #expect(throws: GitError.self) { try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs) }
      #expect(try repository.references(prefix: "refs/").isEmpty)
      try content.write(to: URL(fileURLWithPath: file))
    }
    #expect(try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs).updates.count == 1)
  }

  @Test(
    "only local paths and file URLs are remotes",
    arguments: [
      "", "-x", "--upload-pack=touch x", "https://example.com/x.git", "ssh://host/x", "git@host:x.git", "host:x",
      "ext::sh -c touch", "file://other.example/x", "file:///a%00b", "file:///a%zz", "/a\nb", "FTP://x/y",
    ])
  func schemes(url: String) throws {
    #expect(#expect(throws: GitError.self) { try Remote.heads(of: url) }?.code == .invalid)
  }

  @Test(
    "refspecs that say nothing exact are refused",
    arguments: [
      "refs/heads/main", "main:refs/x", "refs/heads/*:refs/x", ":refs/x", "refs/heads/a:", "a:b:c", "+", "--x:refs/y",
      "refs/heads/main:HEAD", "refs/heads/../x:refs/x",
    ])
  func refspecs(text: String) throws {
    let remote = try GitFixture()
    try remote.commit("x")
    let (fixture, repository) = try local()
    defer { withExtendedLifetime(fixture) {} }
    let error = #expect(throws: GitError.self) {
      try Remote.fetch(into: repository, from: remote.path, refspecs: [text])
    }
    #expect(error?.code == .invalid)
  }

  @Test("progress ends at all of the objects")
  func progress() throws {
    let remote = try GitFixture()
    for number in 0..<3 { try remote.commit(files: ["a": "\(number)"]) }
    let (fixture, repository) = try local()
    defer { withExtendedLifetime(fixture) {} }
    var last: TransferProgress?
    let outcome = try Remote.fetch(into: repository, from: remote.path, refspecs: Self.specs) { last = $0 }
    #expect(last?.totalObjects == outcome.objects)
    #expect(outcome.objects == 9)
  }
}
