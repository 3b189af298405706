import Foundation
import Git
import MooringTestSupport
import Testing

/// Repositories that a crash, a bad disk or somebody hostile has left: errors, and never a trap or an endless loop.
@Suite struct DamageTests {
  /// Everything that reads, on everything that the references reach; returns whether anything was refused.
  private func exercise(_ path: String, _ ids: [ObjectID]) -> Bool {
    var refused = false
    func attempt(_ body: () throws -> Void) {
      do { try body() } catch { refused = true }
    }
    attempt {
      let repository = try Repository.open(bareAt: path)
      for id in ids {
        attempt { _ = try repository.readRaw(id) }
        attempt { _ = try repository.kind(of: id) }
        attempt { if try repository.kind(of: id) == .blob { _ = try repository.blob(id) } }
        refused = !repository.verify(id) || refused
      }
      attempt {
        guard let tip = try repository.reference("refs/heads/main") else { throw CancellationError() }
        attempt { _ = try repository.firstParents(from: tip, until: nil) }
        attempt { _ = try repository.changesOfInputs(firstParentsFrom: tip, until: nil, paths: ["a", "c"]) }
        attempt { _ = try repository.changes(from: nil, to: tip) }
        attempt { _ = try repository.commitsBetween(tip, excluding: ids[0]) }
        attempt { _ = try repository.revert(tip, on: tip, mainline: nil) }
        attempt { try repository.walkTree(tip) { _, _ in .descend } }
      }
    }
    return refused
  }

  private func history(packed: Bool) throws -> (fixture: GitFixture, ids: [ObjectID]) {
    let fixture = try GitFixture()
    var files = RandomFiles(seed: 77)
    for _ in 0..<6 { try fixture.commit(files: files.change()) }
    if packed { try fixture.git("repack", "-a", "-d", "-q") }
    let listing = try fixture.git("rev-list", "--objects", "--all", "--no-object-names")
    return (fixture, listing.split(separator: "\n").compactMap { ObjectID(hex: $0) })
  }

  @Test("a flipped byte anywhere in a pack is refused or harmless", arguments: [1, 2, 3] as [UInt64])
  func flippedPack(seed: UInt64) throws {
    let (fixture, ids) = try history(packed: true)
    #expect(!exercise(fixture.gitPath, ids))
    var generator = SeededGenerator(seed: seed)
    let folder = fixture.gitPath + "/objects/pack"
    let packs = try FileManager.default.contentsOfDirectory(atPath: folder)
    var refusals = 0
    for name in packs.sorted() where name.hasSuffix(".pack") || name.hasSuffix(".idx") {
      let file = URL(fileURLWithPath: "\(folder)/\(name)")
      let sound = try Data(contentsOf: file)
      for _ in 0..<40 {
        var broken = sound
        let place = Int.random(in: 0..<broken.count, using: &generator)
        broken[place] ^= UInt8.random(in: 1...255, using: &generator)
        // A new file: one that is mapped must not change under its readers.
        try FileManager.default.removeItem(at: file)
        try broken.write(to: file)
        refusals += exercise(fixture.gitPath, ids) ? 1 : 0
      }
      try FileManager.default.removeItem(at: file)
      try sound.write(to: file)
    }
    #expect(refusals > 20)
  }

  @Test("a pack that ends too early is refused", arguments: [0, 11, 31, 200, 400])
  func shortPack(length: Int) throws {
    let (fixture, ids) = try history(packed: true)
    let folder = fixture.gitPath + "/objects/pack"
    for ending in [".pack", ".idx"] {
      let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(ending) })
      let file = URL(fileURLWithPath: "\(folder)/\(name)")
      let sound = try Data(contentsOf: file)
      try FileManager.default.removeItem(at: file)
      try sound.prefix(length).write(to: file)
      #expect(exercise(fixture.gitPath, ids))
      try FileManager.default.removeItem(at: file)
      try sound.write(to: file)
    }
  }

  @Test("loose objects that are cut, garbled or empty are refused", arguments: [4, 5] as [UInt64])
  func loose(seed: UInt64) throws {
    let (fixture, ids) = try history(packed: false)
    #expect(!exercise(fixture.gitPath, ids))
    var generator = SeededGenerator(seed: seed)
    for id in ids {
      let file = URL(fileURLWithPath: "\(fixture.gitPath)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))")
      let sound = try Data(contentsOf: file)
      var broken = sound.prefix(Int.random(in: 0..<sound.count, using: &generator))
      if Bool.random(using: &generator) {
        broken = sound
        broken[Int.random(in: 0..<broken.count, using: &generator)] ^= 0x55
      }
      try FileManager.default.removeItem(at: file)
      try broken.write(to: file)
      #expect(exercise(fixture.gitPath, ids), "\(id)")
      try FileManager.default.removeItem(at: file)
      try sound.write(to: file)
    }
  }

  @Test(
    "references, HEAD and configuration that make no sense are errors", arguments: ["", "garbage\n", "ref: ../../x\n"])
  func references(content: String) throws {
    for name in [".git/refs/heads/main", ".git/HEAD", ".git/packed-refs", ".git/config"] {
      let fixture = try GitFixture()
      let id = try fixture.commit("x", files: ["a": "1"])
      try fixture.write([name: content])
      _ = exercise(fixture.gitPath, [id])
    }
    let fixture = try GitFixture()
    try fixture.commit("x")
    try fixture.write([".git/refs/heads/main": content])
    if content.hasPrefix("ref:") {
      #expect(try fixture.open().reference("refs/heads/main") == nil)  // it leads nowhere, and not out of the folder
    } else {
      #expect(throws: GitError.self) { try fixture.open().reference("refs/heads/main") }
    }
  }

  @Test("objects that Git would not have made are refused by name")
  func malformed() throws {
    let fixture = try GitFixture()
    func put(_ kind: String, _ bytes: [UInt8]) throws -> ObjectID {
      try #require(
        ObjectID(hex: fixture.git(["hash-object", "-t", kind, "-w", "--literally", "--stdin"], input: bytes)))
    }
    let repository = try fixture.open()
    let trees: [[UInt8]] = [
      [0], Array("100644 a".utf8), Array("100644 a\0short".utf8), Array("9 a\0".utf8), Array("10064400 a\0".utf8),
      Array("100644 \0".utf8) + Array(repeating: 1, count: 20),
    ]
    for bytes in trees {
      let id = try put("tree", bytes)
      #expect(#expect(throws: GitError.self) { try repository.tree(id) }?.code == .unreadable)
    }
    for text in ["", "tree x\n", "tree \(String(repeating: "0", count: 40))", "parent \n\n"] {
      let id = try put("commit", Array(text.utf8))
      #expect(throws: GitError.self) { try repository.commit(id) }
      #expect(throws: GitError.self) { try repository.firstParents(from: id, until: nil) }
      #expect(throws: GitError.self) { try repository.changes(from: nil, to: id) }
    }
  }
}
