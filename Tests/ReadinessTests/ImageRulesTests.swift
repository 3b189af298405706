import Testing

@testable import Readiness

@Suite struct ImageRulesTests {
  private static let digest = "sha256:" + String(repeating: "0a", count: 32)

  @Test(arguments: [
    ("shop", Rule.imageLatest), ("shop:latest", .imageLatest), ("registry.example:5000/shop", .imageLatest),
    ("shop:1.4.2", .imageMutable), ("shop:20260101", .imageMutable), ("shop:stable", .imageMutable),
    ("Not An Image", .imageMutable),
  ])
  func `An image that can change under its name is found`(_ image: String, _ rule: Rule) {
    let file = Change.File(path: "app.yaml", base: nil, head: Array(Self.pod(image).utf8))
    let findings = ImageRules().findings(in: file)
    #expect(findings.map(\.rule) == [rule])
    #expect(findings.first?.place == Place(file: "app.yaml", line: 5, field: "spec.containers[name=web].image"))
  }

  @Test(arguments: [
    "shop@" + digest, "shop:1.4@" + digest, "shop:3f9c2d1", "shop:v1.4.2-3f9c2d1", "ghcr.io/a/b:git-0123456789abcdef",
  ])
  func `An image that is fixed by its name isn't`(_ image: String) {
    #expect(
      ImageRules().findings(in: Change.File(path: "app.yaml", base: nil, head: Array(Self.pod(image).utf8))) == [])
  }

  @Test func `A change answers for its own images alone`() {
    let base = Array(Self.pod("shop:1").utf8)
    let file = Change.File(path: "app.yaml", base: base, head: base + Array("# more\n".utf8))
    #expect(ImageRules().findings(in: file) == [])
  }

  @Test func `What a kustomization puts in place of an image is what counts`() {
    let file = Change.File(path: "app.yaml", base: nil, head: Array(Self.pod("shop:latest").utf8))
    #expect(ImageRules(replaced: ["shop"]).findings(in: file) == [])
    let kustomization = "images:\n- name: shop\n  newTag: latest\n"
    let own = Change.File(path: "kustomization.yaml", base: nil, head: Array(kustomization.utf8))
    #expect(ImageRules(replaced: ["shop"]).findings(in: own).map(\.rule) == [.imageLatest])
  }

  @Test func `The parts of an image's name`() throws {
    let image = try #require(ContainerImage("localhost:5000/team/shop:1.2@" + Self.digest))
    #expect([image.host, image.path, image.tag, image.digest] == ["localhost:5000", "team/shop", "1.2", Self.digest])
    let hub = try #require(ContainerImage("nginx"))
    #expect([hub.host, hub.path] == ["docker.io", "library/nginx"])
    for text in ["", "a//b", "../x", "a@sha256:12", "a:", "a b", "http://x/y", String(repeating: "a", count: 2000)] {
      #expect(ContainerImage(text) == nil, "\(text)")
    }
  }

  private static func pod(_ image: String) -> String {
    "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - { name: web, image: \"\(image)\" }\n"
  }
}
