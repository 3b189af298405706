import MooringModel
import Testing

@testable import Mooring

/// `kubectl kustomize`, for real.
@Suite("Kustomize") struct KustomizeTests {
  private static let deployment = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 1
      template: {spec: {containers: [{name: web, image: "web:1"}]}}
    """

  private static let overlay: [String: String?] = [
    "base/deployment.yaml": deployment,
    "base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "overlays/production/kustomization.yaml":
      "namespace: shop\nresources: [../../base]\nreplicas: [{name: web, count: 3}]\n",
  ]

  private func refusal(_ files: [String: String?], paths: [String] = ["app"], path: String = "app") async throws
    -> String
  {
    try await Rendered(files).refusal(
      .kustomize(KustomizeOptions(path: path)), paths: paths, program: TestPrograms.kubectl())
  }

  @Test("builds an overlay over a base that is listed") func buildsAnOverlay() async throws {
    let files = try await Rendered(Self.overlay).files(
      .kustomize(KustomizeOptions(path: "overlays/production")), paths: ["overlays/production", "base"],
      program: TestPrograms.kubectl())
    #expect(Array(files.keys) == ["shop/deployment.apps/web.yaml"])
    #expect(files.values.first?.contains("replicas: 3") == true)
  }

  @Test("says which path to list, where a base is out of the inputs") func saysWhatToList() async throws {
    let said = try await refusal(Self.overlay, paths: ["overlays/production"], path: "overlays/production")
    #expect(
      said.contains("overlays/production/kustomization.yaml: \"../../base\" leads out of the environment's inputs"))
    #expect(said.contains("list \"base\" in `path`"), "\(said)")
  }

  @Test("refuses to leave the repository", arguments: ["../../../etc", "/etc/passwd"])
  func refusesToLeave(reference: String) async throws {
    let said = try await refusal(["app/kustomization.yaml": "resources: [\(reference)]\n"])
    #expect(said.contains("leads out of the environment's inputs"), "\(said)")
  }

  @Test(
    "refuses remote bases, and says how to vendor them",
    arguments: [
      "https://github.com/x/y//base?ref=v1", "github.com/x/y", "git@github.com:x/y.git", "git::https://x/y",
      "ssh://git@x/y", "https://example.com/a.yaml", "example.com:x/y",
    ])
  func refusesRemoteBases(reference: String) async throws {
    let said = try await refusal([
      "app/kustomization.yaml": "components: [./part]\n",
      "app/part/kustomization.yaml": "resources: [\"\(reference)\"]\n",
    ])
    #expect(said.contains("app/part/kustomization.yaml: a remote base"), "\(said)")
    #expect(said.contains("kustomize localize app/part"))
  }

  @Test("refuses charts that would be downloaded") func refusesCharts() async throws {
    let said = try await refusal(["app/kustomization.yaml": "helmCharts: [{name: x, repo: \"https://x\"}]\n"])
    #expect(said.contains("use `render: helm`"), "\(said)")
  }

  @Test("loads no file from beside the root, whatever is listed") func restrictsLoading() async throws {
    let files: [String: String?] = [
      "app/kustomization.yaml": "configMapGenerator: [{name: x, files: [../other/secret.txt]}]\n",
      "other/secret.txt": "hunter2\n",
    ]
    let said = try await refusal(files, paths: ["app", "other"])
    #expect(said.contains("security") && !said.contains("hunter2"), "\(said)")
  }

  @Test("follows circles and missing files to an end") func followsCircles() async throws {
    let circle = try await refusal([
      "app/kustomization.yaml": "resources: [one]\n", "app/one/kustomization.yaml": "resources: [..]\n",
    ])
    #expect(circle.contains("kubectl failed"), "\(circle)")
    let missing = try await refusal(["app/kustomization.yaml": "resources: [no.yaml]\n"])
    #expect(missing.contains("\"no.yaml\" doesn't exist at this revision"), "\(missing)")
    let none = try await refusal(["app/a.yaml": "a: 1\n"])
    #expect(none.contains("the kustomization doesn't exist"), "\(none)")
  }

  @Test("takes names that look like options for names") func takesNames() async throws {
    let files = try await Rendered([
      "-h/--help.yaml": Self.deployment, "-h/kustomization.yaml": "resources: [--help.yaml]\n",
    ])
    .files(.kustomize(KustomizeOptions(path: "-h")), program: TestPrograms.kubectl())
    #expect(files.count == 1)
  }

  @Test("has a version, which is part of a release's definition") func hasAVersion() async throws {
    let program = try await RenderingPrograms(
      tool: KustomizeOptions(path: "."), options: TestPrograms.kubectl(), folder: "/tmp"
    ).find()
    #expect(program.version?.contains("Kustomize Version: v") == true, "\(program)")
  }
}
