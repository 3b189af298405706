import Foundation
import Git
import MooringTestSupport
import Testing

@Suite struct WritingTests {
  @Test("objects are loose when they are few and one pack when they are many", arguments: [3, 16, 17, 400])
  func packs(count: Int) throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    let signature = Signature(name: "A", email: "a@b", seconds: 1)
    let blobs = (0..<(count - 2)).map { RawObject.blob(Array("blob \($0)".utf8)) }
    let entries = try blobs.enumerated().map { try TreeEntry(name: "f\($0)", mode: .regular, id: $1.id) }
    let tree = RawObject.tree(entries)
    let commit = try RawObject.commit(
      tree: tree.id, parents: [], author: signature, committer: signature, message: "m\n")
    try repository.write(blobs + [tree, commit])
    try repository.write(blobs + [tree, commit])
    try repository.setReference("refs/heads/main", to: commit.id, expecting: nil, log: "")
    #expect(try fixture.git("fsck", "--strict", "--full") == "")
    let listing = try fixture.git("ls-tree", "main").split(separator: "\n")
    #expect(listing.count == count - 2)
    let counts = try fixture.git("count-objects", "-v").split(separator: "\n").map(String.init)
    #expect(counts.contains("count: \(count > 16 ? 0 : count)"))
    #expect(counts.contains("packs: \(count > 16 ? 1 : 0)"))
    #expect(try repository.readRaw(tree.id) == tree)
    #expect(try repository.verify(commit.id))
  }

  @Test("nothing is written when one of many objects is malformed")
  func allOrNothing() throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    let good = RawObject.blob([1, 2, 3])
    for bad in [RawObject(kind: .tree, bytes: [1, 2]), .init(kind: .commit, bytes: []), .init(kind: .tag, bytes: [0])] {
      #expect(#expect(throws: GitError.self) { try repository.write([good, bad]) }?.code == .invalid)
    }
    let id = try good.id
    #expect(!repository.contains(id))
    try repository.write([])
  }

  @Test("empty blobs and empty trees have Git's ids")
  func empty() throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    #expect(try repository.writeBlob([]).hex == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    #expect(try repository.writeTree([]).hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    #expect(try Repository.identity(ofBlob: Array("hi\n".utf8)).hex == "45b983be36b73c0788dc9cbcb76cbb80fc7bb057")
  }

  @Test("trees are written in Git's order whatever the order they are given in")
  func order() throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    let blob = try repository.writeBlob([])
    let folder = try repository.writeTree([TreeEntry(name: "x", mode: .regular, id: blob)])
    let names = ["a.b", "a", "a-b", "a0", "b", "A"]
    let entries = names.map { name in
      TreeEntry(name: name, mode: name == "a" ? .directory : .regular, id: name == "a" ? folder : blob)
    }
    let tree = try repository.writeTree(entries)
    #expect(try fixture.git("ls-tree", "--name-only", tree.hex) == "A\na-b\na.b\na\na0\nb")
    #expect(try fixture.git("fsck", "--strict", "--no-dangling") == "")
  }

  @Test("a damaged loose object is seen although it was read before, removed, and written again")
  func damaged() throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    let object = RawObject.blob(Array("precious".utf8))
    let id = try object.id
    try repository.write([object])
    #expect(repository.verify(id))
    #expect(throws: GitError.self) { try repository.removeCorruptLooseObject(id) }
    let file = "\(fixture.path)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
    for damage in [Data(), Data("not zlib".utf8), try Data(contentsOf: URL(fileURLWithPath: file)).dropLast(3)] {
      try FileManager.default.removeItem(atPath: file)
      try damage.write(to: URL(fileURLWithPath: file))
      #expect(!repository.verify(id))
      #expect(throws: GitError.self) { try fixture.open().blob(id) }
      try repository.removeCorruptLooseObject(id)
      #expect(!repository.verify(id))
      try fixture.open().write([object])
      #expect(repository.verify(id))
    }
    #expect(!repository.verify(.zero))
    #expect(#expect(throws: GitError.self) { try repository.removeCorruptLooseObject(.zero) }?.code == .notFound)
  }

  @Test("an object under another's name is not sound")
  func wrongName() throws {
    let fixture = try GitFixture(bare: true)
    let repository = try fixture.open()
    let one = try repository.writeBlob([1])
    let two = try repository.writeBlob([2])
    func file(_ id: ObjectID) -> String { "\(fixture.path)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))" }
    try FileManager.default.removeItem(atPath: file(one))
    try FileManager.default.copyItem(atPath: file(two), toPath: file(one))
    #expect(!repository.verify(one))
    #expect(#expect(throws: GitError.self) { try fixture.open().blob(one) }?.code == .unreadable)
  }

  @Test("a repository that refuses writes is told about, and stays readable")
  func readOnly() throws {
    let fixture = try GitFixture()
    let id = try fixture.commit(files: ["a": "1"])
    let repository = try fixture.open()
    // A file where the folder of the new object would be: even an administrator can't write there.
    let object = RawObject.blob(Array("new".utf8))
    try fixture.write([".git/objects/\(try object.id.hex.prefix(2))": "in the way"])
    #expect(throws: GitError.self) { try repository.write([object]) }
    #expect(try repository.commit(id).id == id)
  }
}
