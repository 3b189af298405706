import Git
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// A stale or poisoned cache, with what it depends on missing from its key: CVE-2024-31989.
@Suite("Stale or poisoned caches", .timeLimit(.minutes(10))) struct PoisonedCacheTests {
  @Test("what passed before is trusted for its own content only: a link that leads out is found beside it")
  func trusted() throws {
    let fixture = try GitFixture()
    let repository = try fixture.open()
    let old = try repository.commit(fixture.commit("Old", files: ["app/a.yaml": "a: 1\n"])).tree
    let blob = try repository.writeBlob(Array("../../../etc/passwd".utf8))
    let app = try #require(try repository.entry(at: "app", in: old))
    let link = try repository.writeTree(
      repository.tree(app.id) + [.init(name: "b", mode: .link, id: blob)])
    let tree = try repository.writeTree([.init(name: "app", mode: .directory, id: link)])
    let renderer = PlainRenderer(repository: repository, limits: ContentLimits())
    let definition = Definition(renderer: "plain", version: 1, paths: ["."])
    guard case .refused(let fault) = try renderer.render(tree, definition, trusting: old) else {
      Issue.record("the link passed")
      return
    }
    #expect(fault.code == .refusedContent && fault.place == "app/b")
  }
}
