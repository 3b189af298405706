import Foundation
import MooringTestSupport
import Testing

/// Commits that hold what must not, or can't, reach production: refused with the path, production untouched, and the fix
/// behind them deployed.
@Suite(.inTurn) struct BadContentTests {
  /// One bad tree on top of a good release.
  private func refuses(
    _ words: [String], _ break: (Machine) throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let machine = try Machine(["app.yaml": "a: 1\n"])
    #expect(try await machine.mooring("sync", "production").status == 0, sourceLocation: sourceLocation)
    try `break`(machine)
    let answer = try await machine.mooring("sync", "production")
    #expect(answer.status == 1, "\(answer)", sourceLocation: sourceLocation)
    for word in words { #expect(answer.errors.contains(word), "\(answer)", sourceLocation: sourceLocation) }
    #expect(answer.errors.contains("v2 can't be rendered"), "\(answer)", sourceLocation: sourceLocation)
    #expect(try machine.live("app.yaml") == "a: 1\n", sourceLocation: sourceLocation)
    #expect(try machine.folder.names("root/current") == ["app.yaml"], sourceLocation: sourceLocation)
    #expect(try machine.folder.names().sorted() == ["mooring.yaml", "root", "state"], sourceLocation: sourceLocation)
    #expect(try await machine.mooring("plan", "production").status == 1, sourceLocation: sourceLocation)

    try machine.push(tree: Array("100644 blob \(try machine.blob("a: 3\n"))\tapp.yaml\0".utf8), "Fix")
    let fixed = try await machine.mooring("sync", "production")
    #expect(fixed.status == 0, "\(fixed)", sourceLocation: sourceLocation)
    #expect(try machine.live("app.yaml") == "a: 3\n", sourceLocation: sourceLocation)
  }

  @Test func aNameThatIsNotUTF8() async throws {
    try await refuses(["a name that is not UTF-8", "rename it"]) { machine in
      let blob = try machine.blob("x")
      try machine.push(tree: Array("100644 blob \(blob)\tcaf".utf8) + [0xE9, 0])
    }
  }

  @Test func aBlobOf200Megabytes() async throws {
    try await refuses(["big.bin", "209715200 bytes", "over the limit of 104857600"]) { machine in
      let file = machine.author.path + "/app/big.bin"
      #expect(FileManager.default.createFile(atPath: file, contents: nil))
      try FileHandle(forWritingTo: URL(filePath: file)).truncate(atOffset: 200 << 20)
      try machine.author.git("add", "app/big.bin")
      try machine.author.git("commit", "--quiet", "-m", "Big")
      try machine.publish()
    }
  }

  @Test(arguments: [(300, "deeper than 64 folders"), (1_900, "nested deeper than 512 folders")])
  func foldersNestedDeeply(_ depth: Int, _ words: String) async throws {
    try await refuses([words, "flatten"]) { machine in
      let path = "app/" + String(repeating: "d/", count: depth) + "f"
      try machine.author.git(
        "fast-import", "--quiet", "--force",
        input: Array(
          """
          commit refs/heads/main
          committer Eve <eve@example.com> 1800000000 +0000
          data 4
          Deep
          from refs/heads/main^0
          M 100644 inline \(path)
          data 2
          x

          """.utf8))
      try machine.publish()
    }
  }

  @Test func aFolderWhoseNameIsNotUTF8() async throws {
    try await refuses(["a name that is not UTF-8", "rename it"]) { machine in
      let folder = try machine.author.git("mktree", input: Array("100644 blob \(try machine.blob("x"))\tfile\n".utf8))
      try machine.push(tree: Array("040000 tree \(folder)\tcaf".utf8) + [0xE9, 0])
    }
  }

  @Test(arguments: ["/etc/passwd", "../../outside", "sub/../../outside", "../root/../../x"])
  func aLinkThatLeadsOut(_ target: String) async throws {
    try await refuses(["a link that leads out of the release", "escape"]) { machine in
      try machine.push(tree: Array("120000 blob \(try machine.blob(target))\tescape\0".utf8))
    }
  }

  @Test func aSubmodule() async throws {
    try await refuses(["vendor", "a submodule", "put its files into the repository"]) { machine in
      try machine.push(tree: Array("160000 commit \(String(repeating: "1", count: 40))\tvendor\0".utf8))
    }
  }

  @Test func aGitLFSPointer() async throws {
    try await refuses(["logo.png", "a Git LFS pointer"]) { machine in
      try machine.push([
        "logo.png": """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 12345

        """
      ])
    }
  }

  @Test(arguments: ["..", ".", ".git", ".GIT", "../../evil", "/etc/evil"])
  func aNameThatIsNoName(_ name: String) async throws {
    try await refuses(["unsafe path"]) { machine in
      let blob = try machine.blob("x")
      let id = stride(from: 0, to: 40, by: 2).map { index in
        UInt8(blob.dropFirst(index).prefix(2), radix: 16) ?? 0
      }
      let tree = try machine.author.git(
        "hash-object", "-w", "-t", "tree", "--literally", "--stdin", input: Array("100644 \(name)\0".utf8) + id)
      let top = try machine.author.git("mktree", input: Array("040000 tree \(tree)\tapp\n".utf8))
      let commit = try machine.author.git("commit-tree", "-m", "Evil", "-p", "main", top)
      try machine.author.git("update-ref", "refs/heads/main", commit)
      try machine.publish()
    }
  }

  @Test func aFileAndAFolderOfNamesThatDifferInCaseOnlyAreBothDeployed() async throws {
    let machine = try Machine(["A.yaml": "a: 1\n", "a.yaml": "a: 2\n"])
    #expect(try await machine.mooring("sync", "production").status == 0)
    #expect(try machine.live("A.yaml") == "a: 1\n")
    #expect(try machine.live("a.yaml") == "a: 2\n")
  }
}
