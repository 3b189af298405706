import Foundation
import Git
import MooringTestSupport
import Testing

@Suite("Packing what stands in files of its own") struct PackingTests {
  private let fixture: GitFixture
  private let repository: Repository
  private var ids: [ObjectID] = []

  init() throws {
    fixture = try GitFixture(bare: true)
    repository = try fixture.open()
    for number in 0..<200 { ids.append(try repository.writeBlob(Array("number \(number)".utf8))) }
  }

  private func loose() throws -> Int {
    Int(try fixture.git("count-objects").split(separator: " ").first ?? "") ?? -1
  }

  @Test("leaves every object readable, and no file behind, though the repository is open elsewhere")
  func packs() throws {
    let other = try fixture.open()
    #expect(other.contains(ids[0]))
    #expect(try repository.packLooseObjects() == 200)
    #expect(try loose() == 0)
    for (number, id) in ids.enumerated() {
      #expect(try other.blob(id) == Array("number \(number)".utf8))
      #expect(repository.verify(id))
    }
    #expect(try fixture.git("fsck", "--strict", "--no-dangling", "--unreachable").contains("error") == false)
    #expect(try repository.packLooseObjects() == 0)
  }

  @Test("packs again what a crash left in both places, and leaves large and damaged ones alone")
  func leavesAlone() throws {
    let file = fixture.gitPath + "/objects/\(ids[7].hex.prefix(2))/\(ids[7].hex.dropFirst(2))"
    let bytes = try Data(contentsOf: URL(filePath: file))
    let large = try repository.writeBlob((0..<100_000).map { _ in UInt8.random(in: 0...255) })
    #expect(try repository.packLooseObjects() == 200)
    try FileManager.default.createDirectory(
      atPath: URL(filePath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try bytes.write(to: URL(filePath: file))
    #expect(try repository.packLooseObjects() == 1)
    #expect(repository.verify(ids[7]) && repository.verify(large))
    #expect(try loose() == 1)

    let damaged = try repository.writeBlob(Array("damaged".utf8))
    let place = fixture.gitPath + "/objects/\(damaged.hex.prefix(2))/\(damaged.hex.dropFirst(2))"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: place)
    try Data("nonsense".utf8).write(to: URL(filePath: place))
    #expect(try repository.packLooseObjects() == 0)
    #expect(FileManager.default.fileExists(atPath: place))
  }

  // MARK: Joining

  /// As many packs as somebody who fetches now and then has, each with objects of its own and one that others have too.
  private func manyPacks(_ count: Int) throws -> [ObjectID] {
    _ = try repository.packLooseObjects()
    var made: [ObjectID] = []
    for number in 0..<count {
      for part in 0..<3 { made.append(try repository.writeBlob(Array("pack \(number), part \(part)".utf8))) }
      let ids = made.suffix(3).map(\.hex) + [ids[number].hex]
      try fixture.git(
        ["pack-objects", "-q", "objects/pack/pack"], input: Array((ids.joined(separator: "\n") + "\n").utf8))
      try fixture.git("prune-packed", "-q")
    }
    return made
  }

  @Test("joins packs, loses nothing, and lets whoever has the repository open go on")
  func joins() throws {
    let made = try manyPacks(30)
    let other = try fixture.open()
    #expect(other.contains(made[0]))
    #expect(try repository.joinPacks(over: 40) == 0 && repository.packCount == 31)
    #expect(try repository.joinPacks(over: 20) > 20)
    #expect(repository.packCount <= 2)
    for id in ids + made { #expect(repository.verify(id) && other.verify(id)) }
    #expect(try fixture.git("fsck", "--strict", "--no-dangling", "--unreachable").contains("error") == false)
    #expect(try repository.joinPacks(over: 20) == 0)
  }

  @Test("leaves packs alone that are kept, damaged, large, or hold large objects")
  func leavesPacksAlone() throws {
    let made = try manyPacks(5)
    let large = try repository.writeBlob((0..<1_100_000).map { _ in UInt8.random(in: 0...255) })
    try fixture.git(["pack-objects", "-q", "objects/pack/pack"], input: Array("\(large.hex)\n".utf8))
    try fixture.git("prune-packed", "-q")
    let folder = fixture.gitPath + "/objects/pack"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".idx") }.sorted()
    let kept = try #require(names.first { $0 != names.last })
    try Data().write(to: URL(filePath: "\(folder)/\(kept.dropLast(4)).keep"))
    #expect(try repository.joinPacks(over: 2) > 1)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/\(kept)"))
    for id in ids + made + [large] { #expect(repository.verify(id)) }
    #expect(try fixture.git("fsck", "--strict", "--no-dangling").contains("error") == false)
  }
}
