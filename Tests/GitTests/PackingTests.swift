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
}
