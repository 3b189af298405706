import Git
import MooringTestSupport
import Testing

@Suite struct TreeTests {
  @Test("entries have the modes that Git gave them: folder, file, program, link, submodule")
  func modes() throws {
    let fixture = try GitFixture()
    try fixture.write(["file": "1", "program": "2", "folder/inner": "3"])
    try fixture.git("add", ".")
    try fixture.git("update-index", "--chmod=+x", "program")
    let link = try fixture.git("hash-object", "-w", "--stdin", input: Array("/etc/passwd".utf8))
    let other = String(repeating: "1", count: 40)
    try fixture.git("update-index", "--add", "--cacheinfo", "120000,\(link),link")
    try fixture.git("update-index", "--add", "--cacheinfo", "160000,\(other),module")
    let tree = try #require(ObjectID(hex: fixture.git("write-tree")))
    let entries = try fixture.open().tree(tree)
    #expect(entries.map(\.name) == ["file", "folder", "link", "module", "program"])
    #expect(entries.map(\.mode) == [.regular, .directory, .link, .submodule, .executable])
    #expect(entries[3].id.hex == other)
  }

  @Test("names that are not UTF-8 are read, compared and written back byte for byte")
  func rawNames() throws {
    let fixture = try GitFixture()
    let blob = try fixture.git("hash-object", "-w", "--stdin", input: Array("x".utf8))
    let name: [UInt8] = [0x66, 0xff, 0x66]
    let line = Array("100644 blob \(blob)\t".utf8) + name + [0]
    let tree = try #require(ObjectID(hex: fixture.git("mktree", "-z", input: line)))
    let repository = try fixture.open()
    let entries = try repository.tree(tree)
    #expect(entries.map(\.rawName) == [name])
    #expect(entries.map(\.isUTF8) == [false])
    #expect(entries.map(\.name) == ["f\u{fffd}f"])
    #expect(try repository.changes(from: nil, to: tree).map(\.rawPath) == [name])
    #expect(try repository.writeTree(entries) == tree)
    let beside = TreeEntry(name: "z", mode: .regular, id: entries[0].id)
    let edited = try repository.replacing(entriesAt: [("z", beside)], in: tree)
    #expect(try repository.tree(edited).map(\.rawName) == [name, [0x7a]])
  }

  @Test("a path finds its entry, or nothing, and a path that no tree may contain is refused")
  func entries() throws {
    let fixture = try GitFixture()
    let commit = try fixture.commit(files: ["a/b/c": "1", "a/d": "2"])
    let repository = try fixture.open()
    #expect(try repository.entry(at: "a/b/c", in: commit)?.id == fixture.id("HEAD:a/b/c"))
    #expect(try repository.entry(at: "a/b", in: commit)?.mode == .directory)
    #expect(try repository.entry(at: "a/d/e", in: commit) == nil)
    #expect(try repository.entry(at: "x", in: commit) == nil)
    for bad in ["", "/a", "a/", "a//b", "../a", "a/./b", "a/..", ".git/config", "a/.GIT", "a\0b"] {
      #expect(#expect(throws: GitError.self) { try repository.entry(at: bad, in: commit) }?.code == .invalid)
    }
  }

  @Test("a walk shows folders before what is in them, skips and stops as it is told")
  func walk() throws {
    let fixture = try GitFixture()
    let commit = try fixture.commit(files: ["a/b/c": "1", "a/d": "2", "e": "3", "f/g": "4"])
    let repository = try fixture.open()
    var all: [String] = []
    try repository.walkTree(commit) { folder, entry in
      all.append(folder + entry.name)
      return .descend
    }
    #expect(all == ["a", "a/b", "a/b/c", "a/d", "e", "f", "f/g"])
    var some: [String] = []
    try repository.walkTree(commit) { folder, entry in
      some.append(folder + entry.name)
      return entry.name == "b" ? .skip : entry.name == "e" ? .stop : .descend
    }
    #expect(some == ["a", "a/b", "a/d", "e"])
  }

  @Test("small trees that unfold into huge ones are refused, and so are bottomless ones")
  func bombs() throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    defer { withExtendedLifetime(fixture) {} }
    let blob = try repository.writeBlob([1])
    var wide = try repository.writeTree([TreeEntry(name: "f", mode: .regular, id: blob)])
    for _ in 0..<12 {
      wide = try repository.writeTree((0..<10).map { TreeEntry(name: "\($0)", mode: .directory, id: wide) })
    }
    #expect(
      #expect(throws: GitError.self) { try repository.changes(from: nil, to: wide, limit: 9999) }?.code == .invalid)
    #expect(throws: GitError.self) { try repository.walkTree(wide, limit: 9999) { _, _ in .descend } }
    var deep = blob
    for level in 0..<700 {
      let mode: TreeEntry.Mode = level == 0 ? .regular : .directory
      deep = try repository.writeTree([TreeEntry(name: "d", mode: mode, id: deep)])
    }
    #expect(throws: GitError.self) { try repository.changes(from: nil, to: deep) }
    #expect(throws: GitError.self) { try repository.walkTree(deep) { _, _ in .descend } }
  }

  @Test("replacing sets and removes paths, makes folders, and leaves out those that become empty")
  func replacing() throws {
    let fixture = try GitFixture()
    let commit = try fixture.commit(files: ["a/b/c": "1", "a/d": "2", "e": "3"])
    let repository = try fixture.open()
    let blob = try repository.writeBlob(Array("new".utf8))
    let file = TreeEntry(name: "ignored", mode: .regular, id: blob)
    let tree = try repository.replacing(
      entriesAt: [("a/b/c", nil), ("x/y/z", file), ("e", file), ("absent/too", nil)], in: commit)
    let listing = try fixture.git("ls-tree", "-r", "--name-only", tree.hex)
    #expect(listing.split(separator: "\n") == ["a/d", "e", "x/y/z"])
    #expect(try fixture.git("show", "\(tree):e") == "new")
    let under = try repository.replacing(entriesAt: [("e/below", file)], in: commit)
    #expect(try repository.entry(at: "e/below", in: under)?.id == blob)
    let nothing = try repository.replacing(entriesAt: [("a", nil), ("e", nil)], in: commit)
    #expect(nothing.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    #expect(try repository.replacing(entriesAt: [], in: commit) == fixture.id("HEAD^{tree}"))
    #expect(try fixture.git("fsck", "--strict", "--no-dangling") == "")
    #expect(throws: GitError.self) { try repository.replacing(entriesAt: [("../x", file)], in: commit) }
  }

  @Test("names that Git forbids are not written", arguments: ["", ".", "..", ".git", ".GIT", "a/b", "a\0b"])
  func forbidden(name: String) throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    defer { withExtendedLifetime(fixture) {} }
    let entry = TreeEntry(name: name, mode: .regular, id: .zero)
    #expect(#expect(throws: GitError.self) { try repository.writeTree([entry]) }?.code == .invalid)
    #expect(throws: GitError.self) { try repository.write([.tree([entry])]) }
  }

  @Test("changes are those of git diff-tree, over random histories", arguments: [1, 2, 3] as [UInt64])
  func changes(seed: UInt64) throws {
    let fixture = try GitFixture()
    var files = RandomFiles(seed: seed)
    var commits: [ObjectID] = []
    for _ in 0..<12 { commits.append(try fixture.commit(files: files.change())) }
    // A file that becomes a folder, a program and a link, and back.
    commits.append(try fixture.commit(files: ["t": "1"]))
    commits.append(try fixture.commit(files: ["t": nil, "t.": "2"]))
    commits.append(try fixture.commit(files: ["t/in": "1", "t-": "2"]))
    try fixture.git("update-index", "--chmod=+x", "t/in")
    try fixture.git("commit", "-q", "-m", "mode")
    commits.append(try fixture.id())
    let repository = try fixture.open()
    for old in commits {
      for new in commits where old != new {
        let ours = try repository.changes(from: old, to: new).map { Self.line($0) }
        let theirs = try fixture.git("diff-tree", "-r", "-z", "--no-renames", "--raw", "--abbrev=40", old.hex, new.hex)
        #expect(ours.sorted() == Self.lines(raw: theirs).sorted())
      }
    }
    #expect(try repository.changes(from: nil, to: commits[0]).allSatisfy { $0.kind == .added })
    #expect(try repository.changes(from: commits[0], to: nil).allSatisfy { $0.kind == .removed })
  }

  private static func line(_ change: TreeChange) -> String {
    func mode(_ entry: TreeEntry?) -> String {
      let octal = String(entry?.mode.rawValue ?? 0, radix: 8)
      return String(repeating: "0", count: 6 - octal.count) + octal
    }
    let ids = "\(change.old?.id ?? .zero) \(change.new?.id ?? .zero)"
    return "\(mode(change.old)) \(mode(change.new)) \(ids) \(change.path)"
  }

  /// `:100644 100644 OLD NEW M NUL path NUL …` without the letter.
  private static func lines(raw: String) -> [String] {
    let parts = raw.split(separator: "\0").map(String.init)
    return stride(from: 0, to: parts.count - 1, by: 2).map { index in
      parts[index].dropFirst().split(separator: " ").dropLast().joined(separator: " ") + " " + parts[index + 1]
    }
  }
}
