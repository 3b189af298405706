import Documents
import Kubernetes
import MooringModel
import MooringTestSupport
import Synchronization
import Testing

@testable import KubernetesTarget

@Suite("Where the fields of manifests are read") struct ManifestSourceTests {
  /// A release that counts how often its files are read, and can go.
  final class Contents: ReleaseContents {
    private let whole: StaticContents
    private let state = Mutex((reads: 0, isGone: false))

    init(_ files: [String: StaticContents.Entry]) throws { whole = try StaticContents(files) }

    var reads: Int { state.withLock { $0.reads } }
    func go() { state.withLock { $0.isGone = true } }

    var digest: ReleaseDigest { whole.digest }
    func files() throws -> [ReleaseFile] { try whole.files() }
    func identity(of bytes: [UInt8]) throws -> ContentID { try whole.identity(of: bytes) }

    func read(_ content: ContentID) throws -> [UInt8] {
      let isGone = state.withLock { state in
        state.reads += 1
        return state.isGone
      }
      guard !isGone else { throw Fault(.notFound, "no such content", remedy: "fetch it again") }
      return try whole.read(content)
    }
  }

  private func map(_ name: String, bytes: Int = 1) -> StaticContents.Entry {
    let text = String(repeating: "x", count: bytes)
    return .text("{apiVersion: v1, kind: ConfigMap, metadata: {name: \(name)}, data: {a: \(text)}}")
  }

  private func drafts(of contents: Contents) throws -> [ManifestReader.Draft] {
    try ManifestReader(limits: ManifestLimits()).read(contents)
  }

  @Test func whatWasReadJustNowIsntReadAgain() throws {
    let contents = try Contents(["a.yaml": map("a"), "b.yaml": map("b")])
    for draft in try drafts(of: contents) { _ = try draft.source.root() }
    #expect(contents.reads == 2)
  }

  @Test func largeReleasesAreReadAgainRatherThanKept() throws {
    let files = (0..<6).map { ("\($0).yaml", map("m\($0)", bytes: ManifestCache.room / 3)) }
    let contents = try Contents(Dictionary(uniqueKeysWithValues: files))
    let drafts = try drafts(of: contents)
    #expect(contents.reads == 6)
    #expect(try drafts[5].source.root()["metadata"]?["name"]?.text == "m5")
    #expect(contents.reads == 6)
    #expect(try drafts[0].source.root()["metadata"]?["name"]?.text == "m0")
    #expect(contents.reads == 7)
  }

  @Test func aFileLargerThanAllThatIsKeptIsReadOnceForItsObjects() throws {
    let large = String(repeating: "x", count: ManifestCache.room)
    let text = (0..<3).map { "{apiVersion: v1, kind: ConfigMap, metadata: {name: m\($0)}, data: {a: \(large)}}\n" }
    let contents = try Contents(["all.yaml": .text(text.joined(separator: "---\n"))])
    for draft in try drafts(of: contents) { _ = try draft.source.root() }
    #expect(contents.reads == 1)
  }

  @Test func aReleaseThatIsGoneIsAnErrorThatNamesTheFile() throws {
    let contents = try Contents(["a.yaml": map("a"), "b.yaml": map("b", bytes: ManifestCache.room)])
    let first = try #require(drafts(of: contents).first)
    contents.go()
    let error = #expect(throws: KubernetesError.self) { try first.source.root() }
    #expect(error?.request == "a.yaml:1")
    #expect(error?.message == "the release can't be read any more: no such content")
    #expect(error?.remedy == "fetch it again")
  }
}
