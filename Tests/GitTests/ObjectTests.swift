import Git
import MooringTestSupport
import Testing

@Suite struct ObjectTests {
  @Test("an id is forty lower-case hexadecimal digits and nothing else")
  func identifiers() throws {
    let hex = "0123456789abcdef0123456789abcdef01234567"
    let id = try #require(ObjectID(hex: hex))
    #expect(id.hex == hex)
    #expect(id.description == hex)
    #expect(ObjectID(bytes: id.bytes) == id)
    #expect(id.bytes.prefix(3) == [0x01, 0x23, 0x45])
    for bad in ["", "HEAD", String(hex.dropLast()), hex + "0", hex.uppercased(), ":/pattern", "-" + hex.dropFirst()] {
      #expect(ObjectID(hex: bad) == nil)
    }
    #expect(ObjectID(bytes: [1, 2, 3]) == nil)
  }

  @Test("ids are ordered as their digits are")
  func order() {
    let texts = ["00", "0f", "7f", "80", "ff"].flatMap { edge in
      [edge + String(repeating: "0", count: 38), String(repeating: "0", count: 38) + edge]
    }
    let ids = texts.compactMap { ObjectID(hex: $0) }
    #expect(ids.count == texts.count)
    #expect(ids.sorted().map(\.hex) == texts.sorted())
    #expect(ObjectID.zero.hex == String(repeating: "0", count: 40))
  }

  @Test("a commit reads as Git shows it")
  func commit() throws {
    let fixture = try GitFixture()
    let first = try fixture.commit("First\n\nBody", files: ["a": "1"], author: "Zoë Q. R <zoe@example.com>", date: 1000)
    try fixture.git(
      "commit", "--allow-empty", "-m", "Second",
      environment: ["GIT_AUTHOR_DATE": "1700000000 -0330", "GIT_COMMITTER_DATE": "1700000001 +0545"])
    let repository = try fixture.open()
    let second = try repository.commit(fixture.id())
    #expect(second.parents == [first])
    #expect(second.author.seconds == 1_700_000_000)
    #expect(second.author.offsetMinutes == -210)
    #expect(second.committer.seconds == 1_700_000_001)
    #expect(second.committer.offsetMinutes == 345)
    #expect(second.message == "Second\n")
    let root = try repository.commit(first)
    #expect(root.author == Signature(name: "Zoë Q. R", email: "zoe@example.com", seconds: 1000))
    #expect(root.parents.isEmpty)
    #expect(root.summary == "First")
    #expect(try root.tree == fixture.id("\(first)^{tree}"))
  }

  @Test("a commit that is encoded here is the one that Git would write", arguments: [-720, -90, 0, 90, 345])
  func encoding(offset: Int) throws {
    let fixture = try GitFixture()
    let parent = try fixture.commit(files: ["a": "1"])
    let repository = try fixture.open()
    let size = abs(offset)
    let zone = "\(offset < 0 ? "-" : "+")\(String(10000 + size / 60 * 100 + size % 60).dropFirst())"
    let tree = try repository.commit(parent).tree
    let expected = try fixture.git(
      ["commit-tree", tree.hex, "-p", parent.hex, "-m", "Über\n\nall"],
      environment: [
        "GIT_AUTHOR_NAME": " Ev<i>l\n, ", "GIT_AUTHOR_EMAIL": "<a@b>", "GIT_AUTHOR_DATE": "1700000000 \(zone)",
        "GIT_COMMITTER_DATE": "1700000000 \(zone)",
      ])
    let author = Signature(name: " Ev<i>l\n, ", email: "<a@b>", seconds: 1_700_000_000, offsetMinutes: offset)
    let committer = Signature(
      name: "Ada Lovelace", email: "ada@example.com", seconds: 1_700_000_000, offsetMinutes: offset)
    let id = try repository.createCommit(
      tree: tree, parents: [parent], author: author, committer: committer, message: "Über\n\nall\n")
    #expect(id.hex == expected)
  }

  @Test("a message in ISO-8859-1 is converted, and one that lies about UTF-8 is read with replacements")
  func encodings() throws {
    let fixture = try GitFixture()
    let tree = try fixture.git("mktree", input: [])
    let head = Array("tree \(tree)\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n".utf8)
    let body: [UInt8] = [0x5a, 0x6f, 0xeb]
    let latin = try fixture.git(
      ["hash-object", "-t", "commit", "-w", "--stdin"], input: head + Array("encoding ISO-8859-1\n\n".utf8) + body)
    let broken = try fixture.git(
      ["hash-object", "-t", "commit", "-w", "--stdin"], input: head + Array("\n".utf8) + body)
    let repository = try fixture.open()
    #expect(try repository.commit(#require(ObjectID(hex: latin))).message == "Zoë")
    #expect(try repository.commit(#require(ObjectID(hex: broken))).message == "Zo\u{fffd}")
  }

  @Test(
    "trailers are those that git interpret-trailers finds",
    arguments: [
      "Subject\n\nBody\n\nSigned-off-by: A <a@b>\nReviewed-by: C\n",
      "Subject\n\nKey: value\n  folded on\nOther: x\n",
      "Subject\n\nNot a trailer at all\nReally: no\nneither this\nnor this\nnor this here\n",
      "Subject: no trailer\n",
      "Subject\n\nBody with a colon: yes\nand more text\n",
      "Subject\n\nMooring-Reverts: 0123456789abcdef0123456789abcdef01234567\nMooring-Reason: it broke: badly\n",
    ])
  func trailers(message: String) throws {
    let fixture = try GitFixture()
    let id = try fixture.commit(message, files: ["a": "1"])
    let expected = try fixture.git("log", "-1", "--format=%(trailers:only,unfold)")
      .split(separator: "\n").map(String.init)
    #expect(try fixture.open().commit(id).trailers.map { "\($0.key): \($0.value)" } == expected)
  }

  @Test("kinds, sizes and absence are told without reading, and a blob above its limit is refused")
  func kinds() throws {
    let fixture = try GitFixture()
    let commit = try fixture.commit(files: ["a": "12345"])
    try fixture.git("tag", "-a", "-m", "tag", "v1")
    let repository = try fixture.open()
    let blob = try fixture.id("HEAD:a")
    let absent = try #require(ObjectID(hex: "0123456789abcdef0123456789abcdef01234567"))
    #expect(try repository.kind(of: commit) == .commit)
    #expect(try repository.kind(of: fixture.id("HEAD^{tree}")) == .tree)
    #expect(try repository.kind(of: blob) == .blob)
    #expect(try repository.kind(of: fixture.id("v1")) == .tag)
    #expect(try repository.kind(of: absent) == nil)
    #expect(repository.contains(blob))
    #expect(!repository.contains(absent))
    #expect(try repository.blobSize(blob) == 5)
    #expect(try repository.blob(blob) == Array("12345".utf8))
    #expect(throws: GitError.self) { try repository.blob(blob, limit: 4) }
    #expect(#expect(throws: GitError.self) { try repository.blob(absent) }?.code == .notFound)
    #expect(#expect(throws: GitError.self) { try repository.commit(absent) }?.code == .notFound)
    #expect(#expect(throws: GitError.self) { try repository.commit(blob) }?.code == .invalid)
    #expect(#expect(throws: GitError.self) { try repository.blob(commit) }?.code == .invalid)
  }

  @Test("one repository can be read and written from many threads at once")
  func threads() async throws {
    let fixture = try GitFixture()
    let commits = try (0..<4).map { try fixture.commit("\($0)", files: ["f\($0)": "\($0)"]) }
    let repository = try fixture.open()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          for round in 0..<50 {
            let commit = try repository.commit(commits[(number + round) % 4])
            let blob = try repository.writeBlob(Array("\(number) \(round)".utf8))
            #expect(try repository.blobSize(blob) >= 3)
            #expect(try repository.changes(from: nil, to: commit.tree).count == (number + round) % 4 + 1)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try fixture.git("fsck", "--strict", "--no-dangling") == "")
  }
}
