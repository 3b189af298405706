import Git
import MooringTestSupport
import Testing

@Suite("Limits of objects", .timeLimit(.minutes(10))) struct ObjectLimitTests {
  @Test("an object over the limit is refused by its header, whatever its kind, and a small pack may hold it")
  func largest() throws {
    let fixture = try GitFixture(bare: true)
    let zeros = [UInt8](repeating: 0, count: Repository.largestObject + 1)
    let hex = try fixture.git(
      "-c", "core.compression=1", "hash-object", "-w", "--literally", "-t", "commit", "--stdin", input: zeros)
    let id = try #require(ObjectID(hex: hex))
    let repository = try fixture.open()
    let error = #expect(throws: GitError.self) { try repository.readRaw(id) }
    #expect(error?.code == .invalid && error?.message.contains("more than \(Repository.largestObject)") == true)
    #expect(throws: GitError.self) { try repository.commit(id) }
  }

  @Test("a mailmap over the limit is passed over: names don't stop a deployment")
  func mailmap() throws {
    let fixture = try GitFixture()
    let text = String(repeating: "# a line that says nothing at all\n", count: Mailmap.mostBytes / 34 + 1)
    let commit = try fixture.commit("Many", files: [".mailmap": text + "Ann <ann@a.com> <old@a.com>\n"])
    #expect(try fixture.open().mailmap(at: commit) == Mailmap())
  }
}
