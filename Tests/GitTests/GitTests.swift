import Git
import MooringTestSupport
import Testing

@Suite struct GitTests {
  @Test("what is no repository is refused with what it was and where")
  func unreadable() throws {
    let error = #expect(throws: GitError.self) { try Repository.open(bareAt: "/nonexistent/repository.git") }
    #expect(error?.code == .notFound)
    #expect(error?.description.contains("/nonexistent/repository.git") == true)
    #expect(throws: GitError.self) { try Repository.open(bareAt: "") }
    #expect(#expect(throws: GitError.self) { try Repository.open(bareAt: "/tmp\0/x") }?.code == .invalid)
  }

  @Test("a folder inside a repository is not taken for the repository")
  func noSearch() throws {
    let fixture = try GitFixture()
    try fixture.commit(files: ["folder/a": "1"])
    #expect(throws: GitError.self) { try Repository.open(bareAt: fixture.path + "/folder") }
  }

  @Test("a repository that is made is empty, bare and sound, and is not made twice")
  func create() throws {
    let parent = try GitFixture()
    let path = parent.path + "/deep/er/state.git"
    let repository = try Repository.create(bareAt: path)
    #expect(repository.path == path + "/")
    #expect(try repository.reference("HEAD") == nil)
    #expect(try repository.references(prefix: "refs/").isEmpty)
    #expect(try parent.git("--git-dir", path, "fsck", "--strict") == "")
    #expect(try parent.git("--git-dir", path, "rev-parse", "--is-bare-repository") == "true")
    #expect(#expect(throws: GitError.self) { try Repository.create(bareAt: path) }?.code == .exists)
    _ = try Repository.open(bareAt: path)
  }

  @Test("limits of caches are taken, and impossible ones refused")
  func caches() throws {
    try Configuration.limitCaches(objectBytes: 64 << 20, windowBytes: 32 << 20, mappedBytes: 256 << 20)
    #expect(throws: GitError.self) {
      try Configuration.limitCaches(objectBytes: -1, windowBytes: 0, mappedBytes: 0)
    }
  }
}
